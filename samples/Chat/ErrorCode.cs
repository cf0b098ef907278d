using SocketIOServer;

namespace Chat;

/// <summary>Why not, in words that pages look up; clients get them as <c>{ error: "code" }</c>, beside the library's "invalid arguments", "rate limited" and "failed".</summary>
internal readonly record struct ErrorCode(string Text)
{
    public static readonly ErrorCode BadName = new("bad name");
    public static readonly ErrorCode BadPassword = new("bad password");
    public static readonly ErrorCode NameTaken = new("name taken");
    public static readonly ErrorCode WrongPassword = new("wrong name or password");
    public static readonly ErrorCode TooManyAttempts = new("too many attempts");
    public static readonly ErrorCode BadToken = new("bad token");
    public static readonly ErrorCode Empty = new("empty");
    public static readonly ErrorCode TooLong = new("too long");
    public static readonly ErrorCode TooLarge = new("too large");
    public static readonly ErrorCode StorageFull = new("storage full");
    public static readonly ErrorCode BadKey = new("bad key");
    public static readonly ErrorCode BadType = new("type not allowed");
    public static readonly ErrorCode NoSuchUser = new("no such user");
    public static readonly ErrorCode NoSuchRoom = new("no such room");
    public static readonly ErrorCode TooManyRooms = new("too many rooms");
    public static readonly ErrorCode NotMember = new("not a member");
    public static readonly ErrorCode NotOwner = new("not the owner");

    public AckException Refuse() => new(ToPayload());

    public object ToPayload() => new { error = Text };
}

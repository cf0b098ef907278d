namespace Chat.Rooms;

/// <summary>Who has come to a room or left it.</summary>
/// <param name="Room">Where.</param>
/// <param name="User">The name of who.</param>
/// <param name="What">"entered" or "left".</param>
/// <param name="Text">The same as a sentence.</param>
internal sealed record RoomNotice(long Room, string User, string What, string Text)
{
    public static RoomNotice Entered(long room, string user) => new(room, user, "entered", $"{user} has entered the room.");

    public static RoomNotice Left(long room, string user) => new(room, user, "left", $"{user} has left the room.");
}

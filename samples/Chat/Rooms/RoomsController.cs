using System.Text.Json;
using Chat.Accounts;
using Chat.Messages;
using Chat.Presence;
using Chat.Storage;
using SocketIOServer;

namespace Chat.Rooms;

/// <summary>Rooms that users make. Everybody sees which there are; what is said in one is for its members.</summary>
[Namespace(Path)]
internal sealed class RoomsController(IChatStore store, OnlineUsers online, Memberships memberships) : MemberController<IRoomClient>(store, online)
{
    public const string Path = "/rooms";

    private const string JoinedKey = "joined";

    // Before the client is in, so that it misses nothing. One that gets its session back may have left rooms on another tab meanwhile.
    public override async Task OnConnectingAsync(CancellationToken cancel)
    {
        await base.OnConnectingAsync(cancel);
        using var turn = await memberships.TakeTurnAsync(Me.Id);
        var joined = await Store.Rooms.JoinedAsync(Me.Id);
        await Memberships.SetRoomsAsync(Socket, joined);
        Socket.Data.Set(JoinedKey, joined);
    }

    public override async Task OnConnectedAsync(CancellationToken cancel)
    {
        await base.OnConnectedAsync(cancel);
        // A page that connects again after a restart of the server was there all the time: nobody saw its user leave.
        var isNews = Online.TakeHasLeft(Me.Id) || !IsBack();
        foreach (var room in Socket.Data.Get<IReadOnlyList<long>>(JoinedKey) ?? []) Online.EnterRoom(Me.Id, room, isNews);
    }

    [On("rooms")]
    public async Task<IEnumerable<Room>> List() => (await Store.Rooms.ListAsync(Me.Id)).Select(WithCount);

    [On("create")]
    public async Task<Room> Create(string name, [RetryKey] string? key = null)
    {
        using var turn = await memberships.TakeTurnAsync(Me.Id);
        var room = (await Store.Rooms.CreateAsync(Me, RoomName.Read(name).OrRefuse())).OrRefuse();
        await Clients.All.Room(HeadOf(room));
        return await EnterAsync(room);
    }

    [On("rename")]
    public async Task Rename(long room, string name) =>
        await Clients.All.Room(HeadOf((await Store.Rooms.RenameAsync(Me.Id, room, RoomName.Read(name).OrRefuse())).OrRefuse()));

    [On("close_room")]
    public async Task Close(long room, [RetryKey] string? key = null)
    {
        var closed = (await Store.Rooms.CloseAsync(Me.Id, room)).OrRefuse();
        await memberships.CloseAsync(room);
        await Clients.All.Closed(HeadOf(closed));
        await Everyone.CloseRoomAsync(Room.Of(room));
    }

    [On("join")]
    public async Task<Room> Join(long room)
    {
        using var turn = await memberships.TakeTurnAsync(Me.Id);
        return await EnterAsync((await Store.Rooms.JoinAsync(Me.Id, room)).OrRefuse());
    }

    [On("leave")]
    public async Task Leave(long room, [RetryKey] string? key = null)
    {
        using var turn = await memberships.TakeTurnAsync(Me.Id);
        if (!await Store.Rooms.LeaveAsync(Me.Id, room)) throw ErrorCode.NotMember.Refuse();
        await Everyone.To(Me.Room).LeaveAsync(Room.Of(room));
        Online.LeaveRoom(Me.Id, room);
        await memberships.TellNodesAsync(Me.Id);
        await Clients.OthersIn(Me.Room).LeftRoom(room);
    }

    [On("message")]
    public Task<Message> Post(long room, Draft draft, [RetryKey] string? key = null) => AddAsync(draft.Read(key, room, Me.Id, Me.Name));

    [On("file")]
    public Task<Message> PostFile(long room, Draft draft, byte[] content, [RetryKey] string? key = null) =>
        AddAsync(draft.Read(key, room, Me.Id, Me.Name, content));

    [On("history")]
    public async Task<HistoryPage> History(long room, long? before = null) => (await Store.Messages.HistoryForAsync(Me.Id, room, before)).OrRefuse();

    [On("read")]
    public async Task Read(long room, long upTo)
    {
        if (await Store.Messages.ReadAsync(Me.Id, room, upTo)) await Clients.OthersIn(Me.Room).Seen(room, upTo);
    }

    private async Task<Message> AddAsync(NewMessage draft) =>
        (await Store.Messages.AddAsync(draft, Clients.OthersIn(Room.Of(draft.Conversation)).Message)).OrRefuse();

    // With all tabs of the user: who is a member is one everywhere.
    private async Task<Room> EnterAsync(Room room)
    {
        await Everyone.To(Me.Room).JoinAsync(Room.Of(room.Id));
        Online.EnterRoom(Me.Id, room.Id);
        await memberships.TellNodesAsync(Me.Id);
        var seen = WithCount(room);
        await Clients.OthersIn(Me.Room).Joined(seen);
        return seen;
    }

    // Pages say in their credentials that they were connected before.
    private bool IsBack() =>
        Socket.Handshake.Auth is { ValueKind: JsonValueKind.Object } auth && auth.TryGetProperty("again", out var again) && again.ValueKind == JsonValueKind.True;

    private Room WithCount(Room room) => room with { Online = Online.CountIn(room.Id) };

    private static RoomHead HeadOf(Room room) => new(room.Id, room.Name, room.Owner, room.OwnerName);
}

using Chat.Accounts;
using Chat.Presence;
using Chat.Storage;
using SocketIOServer;

namespace Chat.Rooms;

/// <summary>
/// The changes of one user's memberships, one at a time: what the store says and the rooms of the user's sockets change together. Without it a
/// tab that comes while another one leaves a room could go on hearing it. Other nodes are told that something has changed and read the store
/// themselves, so they agree with it in whichever order they hear of two changes.
/// </summary>
internal sealed class Memberships(IChatStore store, OnlineUsers online, [FromKeyedServices(ChatApp.Server)] ISocketServer server) : Turns
{
    public const string Changed = "memberships changed";
    public const string Closed = "room closed";

    /// <summary>Waits for the turn; disposing ends it.</summary>
    public Task<IDisposable> TakeTurnAsync(long user) => TakeAsync(user);

    public ValueTask TellNodesAsync(long user) => server.Cluster.EmitAsync(Changed, user);

    /// <summary>Nobody is in this room any more, on any node.</summary>
    public ValueTask CloseAsync(long room)
    {
        online.CloseRoom(room);
        return server.Cluster.EmitAsync(Closed, room);
    }

    /// <summary>Brings the rooms of this node's sockets of a user into line with the store.</summary>
    public async Task SyncAsync(long user)
    {
        using var turn = await TakeTurnAsync(user);
        var sockets = await server.Of(RoomsController.Path).To(User.RoomOf(user)).Local.FetchSocketsAsync();
        if (sockets.Count == 0) return;
        var joined = await store.Rooms.JoinedAsync(user);
        foreach (var socket in sockets) await SetRoomsAsync(socket, joined);
        online.SetRooms(user, joined);
    }

    /// <summary>Brings the rooms of one socket into line with the store. The caller has the turn of its user.</summary>
    public static async Task SetRoomsAsync(IRemoteSocket socket, IReadOnlyList<long> joined)
    {
        var rooms = joined.Select(Room.Of).ToHashSet(StringComparer.Ordinal);
        await socket.LeaveAsync([.. socket.Rooms.Where(room => Room.IsOne(room) && !rooms.Contains(room))]);
        await socket.JoinAsync([.. rooms.Except(socket.Rooms)]);
    }
}

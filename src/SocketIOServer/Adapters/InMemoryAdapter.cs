using System.Collections.Concurrent;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>Rooms in this process. A socket's own id is a room without an object of its own.</summary>
internal sealed class InMemoryAdapter(Pace pace, RoomWatch? watch = null) : Adapter
{
    // As many as a processor keeps in its first cache while it delivers to them.
    private const int Prefetched = 16;

    // Guards the rooms of each socket, and that a room is there exactly as long as someone is in it.
    private readonly Lock _gate = new();
    private readonly Room _everyone = new();
    private readonly ConcurrentDictionary<string, Socket> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    public override void Add(Socket socket)
    {
        lock (_gate)
        {
            // It may have left while it was asked about.
            if (socket.HasLeft) return;
            _byId[socket.Id] = socket;
            _everyone.Add(socket);
        }
    }

    public override IReadOnlyCollection<string> Remove(Socket socket)
    {
        IReadOnlyCollection<string> rooms;
        lock (_gate)
        {
            _everyone.Remove(socket);
            _byId.TryRemove(KeyValuePair.Create(socket.Id, socket));
            rooms = RoomsOf(socket);
            if (socket.JoinedRooms is { } joined)
            {
                foreach (var name in joined) RemoveFrom(name, socket);
            }

            socket.JoinedRooms = null;
        }

        watch?.TellSoon();
        return rooms;
    }

    public override void Join(Socket socket, ReadOnlySpan<string> rooms)
    {
        lock (_gate)
        {
            foreach (var name in rooms)
            {
                ArgumentNullException.ThrowIfNull(name);
                if (socket.HasLeft || name == socket.Id) continue;
                if ((socket.JoinedRooms ??= new(StringComparer.Ordinal)).Add(name)) AddTo(name, socket);
            }
        }

        watch?.Tell();
    }

    public override void Leave(Socket socket, ReadOnlySpan<string> rooms)
    {
        lock (_gate)
        {
            foreach (var name in rooms)
            {
                if (socket.JoinedRooms?.Remove(name) == true) RemoveFrom(name, socket);
            }
        }

        watch?.Tell();
    }

    public override IReadOnlyCollection<string> RoomsOf(Socket socket)
    {
        lock (_gate) return [socket.Id, .. socket.JoinedRooms ?? []];
    }

    public override ValueTask BroadcastAsync(OutgoingMessage message, Target target)
    {
        var sockets = Select(target);
        if (pace.Add(message.Size)) pace.Receivers.Note(sockets, sockets.Count, static (sockets, index) => sockets[index].Outbox);
        // To a few it goes at once: that costs less than a turn.
        var isForMany = sockets.Count > Prefetched;
        for (var i = 0; i < sockets.ChunkCount; i++) Deliver(message, target, sockets.Chunk(i), isForMany);
        return default;
    }

    public override ValueTask CallAsync(BroadcastCall call, Target target)
    {
        foreach (var socket in Sockets(target)) call.Ask(socket);
        return default;
    }

    public override ValueTask<IReadOnlyList<IRemoteSocket>> FetchAsync(Target target, CancellationToken cancel) =>
        new([.. Sockets(target).Select(socket => new RemoteSocket(socket.Id, socket.UserId, RoomsOf(socket)))]);

    public override ValueTask<int> CountAsync(Target target, CancellationToken cancel) => new(Sockets(target).Count());

    public override ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel) => new([.. _rooms.Keys]);

    public override ValueTask JoinAsync(Target target, string[] rooms)
    {
        foreach (var socket in Comers(target)) Join(socket, rooms);
        return default;
    }

    public override ValueTask LeaveAsync(Target target, string[] rooms)
    {
        foreach (var socket in Comers(target)) Leave(socket, rooms);
        return default;
    }

    public override ValueTask DisconnectAsync(Target target, bool close)
    {
        foreach (var socket in Comers(target)) socket.Disconnect(close);
        return default;
    }

    private void Deliver(OutgoingMessage message, in Target target, ReadOnlySpan<Socket> sockets, bool isForMany)
    {
        for (var i = 0; i < sockets.Length; i += Prefetched)
        {
            var next = sockets[i..Math.Min(i + Prefetched, sockets.Length)];
            foreach (var socket in next) socket.Prefetch();
            foreach (var socket in next)
            {
                if (socket.IsConnected && !IsExcepted(socket, target.Except)) socket.Deliver(message, target.IsVolatile, isForMany);
            }
        }
    }

    private IEnumerable<Socket> Sockets(Target target) => Comers(target).Where(socket => socket.IsConnected);

    // And those whose OnConnecting has put them into a room already: a user who is signed out, or joins a room on all tabs, is so on the one that just comes.
    private IEnumerable<Socket> Comers(Target target) => Select(target).All().Where(socket => !socket.HasLeft && !IsExcepted(socket, target.Except));

    private Members Select(in Target target)
    {
        if (target.Rooms.Length == 0) return _everyone.Snapshot();
        if (target.Rooms.Length == 1) return Select(target.Rooms[0]);
        var union = new HashSet<Socket>();
        foreach (var room in target.Rooms) union.UnionWith(Select(room).All());
        return Members.Of(union);
    }

    private Members Select(string room)
    {
        var owner = _byId.GetValueOrDefault(room);
        if (!_rooms.TryGetValue(room, out var found)) return owner is null ? Members.None : Members.Of(owner);
        // A room may be named like somebody's id: what is sent to that id still reaches its owner.
        return owner is null ? found.Snapshot() : Members.Of([owner, .. found.Snapshot().All()]);
    }

    private bool IsExcepted(Socket socket, string[] except)
    {
        foreach (var room in except)
        {
            if (room == socket.Id || _rooms.TryGetValue(room, out var found) && found.Contains(socket)) return true;
        }

        return false;
    }

    private void AddTo(string name, Socket socket)
    {
        if (!_rooms.TryGetValue(name, out var room))
        {
            _rooms[name] = room = new();
            watch?.Note(RoomChangeKind.Created, name, null);
        }

        room.Add(socket);
        watch?.Note(RoomChangeKind.Joined, name, socket);
    }

    private void RemoveFrom(string name, Socket socket)
    {
        if (!_rooms.TryGetValue(name, out var room)) return;
        var isEmpty = room.Remove(socket);
        watch?.Note(RoomChangeKind.Left, name, socket);
        if (!isEmpty) return;
        _rooms.TryRemove(name, out _);
        watch?.Note(RoomChangeKind.Deleted, name, null);
    }

    private sealed record RemoteSocket(string Id, string? UserId, IReadOnlyCollection<string> Rooms) : IRemoteSocket;
}

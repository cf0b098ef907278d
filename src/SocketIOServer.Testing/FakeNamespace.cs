using SocketIOServer.Json;

namespace SocketIOServer.Testing;

/// <summary>A set of sockets of a namespace in which one fake socket is alone, if it is the socket's own namespace.</summary>
internal sealed class FakeNamespace(FakeSocket socket, string name, string[] rooms, string[] except) : ISocketNamespace, IUserBroadcast
{
    public string Name => name;

    public IBroadcast Local => this;

    public IBroadcast Volatile => this;

    public IEmitter Durable => this;

    // The socket is in the set.
    private bool HasSocket
    {
        get
        {
            if (!socket.IsConnected || name != socket.Namespace) return false;
            var joined = socket.Rooms;
            return (rooms.Length == 0 || rooms.Any(joined.Contains)) && !except.Any(joined.Contains);
        }
    }

    public IBroadcast Compress(bool compress) => this;

    public IBroadcast To(params ReadOnlySpan<string> more) => new FakeNamespace(socket, name, [.. rooms, .. more], except);

    public IBroadcast Except(params ReadOnlySpan<string> more) => new FakeNamespace(socket, name, rooms, [.. except, .. more]);

    public IUserBroadcast ToUser(string userId) => userId == socket.UserId ? this : new FakeNamespace(socket, name, [.. rooms, "user:" + userId], except);

    public ISocket? FindSocket(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return HasSocket && id == socket.Id ? socket : null;
    }

    public ValueTask EmitArgsAsync(string @event, ReadOnlySpan<object?> args)
    {
        Record(@event, args.ToArray());
        return default;
    }

    public Task<BroadcastReply<T>> CallArgsAsync<T>(string @event, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        try
        {
            cancel.ThrowIfCancellationRequested();
            var sent = args.ToArray();
            Record(@event, sent);
            return Task.FromResult(Ask<T>(@event, sent));
        }
        catch (Exception e)
        {
            // As the real one: a call fails where it is awaited.
            return Task.FromException<BroadcastReply<T>>(e);
        }
    }

    public Task<SocketList> FetchSocketsAsync(CancellationToken cancel = default) => Task.FromResult(new SocketList(HasSocket ? [socket] : []));

    public Task<int> CountAsync(CancellationToken cancel = default) => Task.FromResult(HasSocket ? 1 : 0);

    public ValueTask JoinAsync(params ReadOnlySpan<string> joined) => HasSocket ? socket.JoinAsync(joined) : default;

    public ValueTask LeaveAsync(params ReadOnlySpan<string> left) => HasSocket ? socket.LeaveAsync(left) : default;

    public ValueTask DisconnectAsync(bool close = false) => HasSocket ? socket.DisconnectAsync(close) : default;

    public ValueTask CloseRoomAsync(string room) => To(room).LeaveAsync(room);

    public Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<string>>(name == socket.Namespace && socket.IsConnected ? [.. socket.Rooms.Where(room => room != socket.Id)] : []);

    private BroadcastReply<T> Ask<T>(string @event, object?[] args)
    {
        if (!HasSocket) return new(new Dictionary<string, T>(), []);
        return socket.TryAnswer<T>(@event, args, out var answer)
            ? new(new Dictionary<string, T> { [socket.Id] = answer! }, [])
            : new(new Dictionary<string, T>(), [socket.Id]);
    }

    private void Record(string @event, object?[] args)
    {
        PacketEncoder.CheckName(@event);
        socket.RecordBroadcast(new(@event, args, name, null, rooms, except));
    }
}

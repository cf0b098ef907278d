namespace SocketIOServer.ThirdParty.Tests;

/// <inheritdoc cref="HandWrittenSocket"/>
internal sealed class HandWrittenServer(HandWrittenSocket socket) : ISocketServer
{
    public string Name => "/";

    public IBroadcast Local => this;

    public IBroadcast Volatile => this;

    public ISocketNamespace Of(string name) => this;

    public IBroadcast Compress(bool compress) => this;

    public IBroadcast To(params ReadOnlySpan<string> rooms) => this;

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => this;

    public ISocket? FindSocket(string id) => socket;

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => socket.EmitArgsAsync(name, args);

    public Task<BroadcastReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        Task.FromResult(new BroadcastReply<T>(new Dictionary<string, T>(), [socket.Id]));

    public Task<SocketList> FetchSocketsAsync(CancellationToken cancel = default) => Task.FromResult(new SocketList([socket]));

    public Task<int> CountAsync(CancellationToken cancel = default) => Task.FromResult(1);

    public Task<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => default;

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => default;

    public ValueTask DisconnectAsync(bool close = false) => default;

    public ValueTask CloseRoomAsync(string room) => default;
}

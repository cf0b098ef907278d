using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>The fluent <c>To().Except().Volatile</c>: a namespace and a target, both immutable.</summary>
internal class BroadcastOperator : IBroadcast
{
    private readonly Namespace _namespace;
    private readonly Target _target;

    /// <param name="namespace">Null: this is the namespace itself.</param>
    /// <param name="target">Whom of it.</param>
    public BroadcastOperator(Namespace? @namespace, Target target)
    {
        _namespace = @namespace ?? (Namespace)this;
        _target = target;
    }

    public IBroadcast Local => this;

    public IBroadcast Volatile => new BroadcastOperator(_namespace, _target with { IsVolatile = true });

    public IBroadcast Compress(bool compress) => new BroadcastOperator(_namespace, _target with { IsCompressed = compress });

    public IBroadcast To(params ReadOnlySpan<string> rooms) => new BroadcastOperator(_namespace, _target.To(rooms));

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => new BroadcastOperator(_namespace, _target.Without(rooms));

    public ValueTask EmitAsync(string name) => EmitAsync<object?, object?, object?>(name, 0, null, null, null);

    public ValueTask EmitAsync<T>(string name, T arg) => EmitAsync<T, object?, object?>(name, 1, arg, null, null);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitAsync<T1, T2, object?>(name, 2, first, second, null);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitAsync(name, 3, first, second, third);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        var message = _namespace.Encoder.EventArgs(_namespace.Utf8Name, name, args);
        if (_namespace.Handlers.Outgoing.Any) Tell(name, args);
        return SendAsync(message);
    }

    public ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);

    public Task<BroadcastReply<T>> CallAsync<T>(string name, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        CallAsync<T>(name, [], timeout, cancel);

    public Task<BroadcastReply<T>> CallAsync<T>(string name, object? arg, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        CallAsync<T>(name, [arg], timeout, cancel);

    public async Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(CancellationToken cancel = default) =>
        await _namespace.Adapter.FetchAsync(_target, cancel);

    public Task<int> CountAsync(CancellationToken cancel = default) => _namespace.Adapter.CountAsync(_target, cancel).AsTask();

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => _namespace.Adapter.JoinAsync(_target, rooms.ToArray());

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => _namespace.Adapter.LeaveAsync(_target, rooms.ToArray());

    public ValueTask DisconnectAsync(bool close = false) => _namespace.Adapter.DisconnectAsync(_target, close);

    private Task<BroadcastReply<T>> CallAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout, CancellationToken cancel)
    {
        var body = _namespace.Encoder.Body(name, args);
        if (_namespace.Handlers.Outgoing.Any) Tell(name, args);
        return CallAsync<T>(body, timeout, cancel);
    }

    private async Task<BroadcastReply<T>> CallAsync<T>(PacketBody body, TimeSpan? timeout, CancellationToken cancel)
    {
        var call = new BroadcastCall<T>(body, _namespace);
        await _namespace.Adapter.CallAsync(call, _target);
        var server = _namespace.Server;
        return await call.EndAsync(server.Time, timeout ?? server.Options.AckTimeout, cancel);
    }

    private ValueTask EmitAsync<T1, T2, T3>(string name, int count, T1 first, T2 second, T3 third)
    {
        var message = _namespace.Encoder.Event(_namespace.Utf8Name, SocketPacket.NoId, name, count, first, second, third);
        if (_namespace.Handlers.Outgoing.Any) Tell(name, ((ReadOnlySpan<object?>)[first, second, third])[..count]);
        return SendAsync(message);
    }

    private ValueTask SendAsync(OutgoingMessage message)
    {
        if (!_target.IsCompressed) message.KeepUncompressed();
        return _namespace.Adapter.BroadcastAsync(message, _target);
    }

    private void Tell(string name, ReadOnlySpan<object?> args) =>
        _namespace.Handlers.Outgoing.Tell(new(name, args.ToArray(), null, _target.Rooms, _target.Except), _namespace, null);
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace SocketIOServer;

/// <summary>A socket and its client's interface; all else is the socket's.</summary>
internal sealed class TypedSocket<TClient>(ISocket socket) : ISocket<TClient>
    where TClient : class
{
    public TClient Client => field ??= socket.As<TClient>();

    public string Id => socket.Id;

    public string Namespace => socket.Namespace;

    public string? UserId => socket.UserId;

    public ClaimsPrincipal User => socket.User;

    public Handshake Handshake => socket.Handshake;

    public SocketData Data => socket.Data;

    public IReadOnlyCollection<string> Rooms => socket.Rooms;

    public TransportKind Transport => socket.Transport;

    public bool IsConnected => socket.IsConnected;

    public CancellationToken Disconnected => socket.Disconnected;

    public IBroadcast Broadcast => socket.Broadcast;

    public IBroadcast Everyone => socket.Everyone;

    public IEmitter Volatile => socket.Volatile;

    public IEmitter Compress(bool compress) => socket.Compress(compress);

    public TClient ToClients(params ReadOnlySpan<string> rooms) => socket.To(rooms).As<TClient>();

    public IBroadcast To(params ReadOnlySpan<string> rooms) => socket.To(rooms);

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => socket.Except(rooms);

    public ISocketNamespace Of(string name) => socket.Of(name);

    public ValueTask EmitAsync(string name) => socket.EmitAsync(name);

    public ValueTask EmitAsync<T>(string name, T arg) => socket.EmitAsync(name, arg);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => socket.EmitAsync(name, first, second);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => socket.EmitAsync(name, first, second, third);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => socket.EmitArgsAsync(name, args);

    public ValueTask SendAsync<T>(T arg) => socket.SendAsync(arg);

    public Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default) =>
        socket.CallArgsAsync<T>(name, args, timeout, cancel);

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public void On(string name, Delegate handler) => socket.On(name, handler);

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public void Once(string name, Delegate handler) => socket.Once(name, handler);

    public void Off(string? name = null) => socket.Off(name);

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms) => socket.JoinAsync(rooms);

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms) => socket.LeaveAsync(rooms);

    public ValueTask DisconnectAsync(bool close = false) => socket.DisconnectAsync(close);
}

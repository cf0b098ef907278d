using SocketIOServer.Namespaces;

namespace SocketIOServer.Sockets;

/// <summary>Emits to one client what may be lost: dropped unless its transport has nothing else to do.</summary>
internal sealed class VolatileEmitter(Socket socket, Namespace @namespace) : IEmitter
{
    public ValueTask EmitAsync(string name) => EmitArgsAsync(name, []);

    public ValueTask EmitAsync<T>(string name, T arg) => EmitArgsAsync(name, [arg]);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitArgsAsync(name, [first, second]);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitArgsAsync(name, [first, second, third]);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args)
    {
        socket.Deliver(@namespace.Encoder.EventArgs(@namespace.Utf8Name, name, args), isVolatile: true);
        return default;
    }

    public ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);
}

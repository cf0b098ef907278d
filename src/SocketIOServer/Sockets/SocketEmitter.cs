namespace SocketIOServer.Sockets;

/// <summary>Emits to one client what may be lost (dropped unless its transport has nothing else to do), or what is sent as it is.</summary>
internal sealed class SocketEmitter(Socket socket, bool isVolatile, bool isCompressed) : IEmitter
{
    public ValueTask EmitAsync(string name) => EmitArgsAsync(name, []);

    public ValueTask EmitAsync<T>(string name, T arg) => EmitArgsAsync(name, [arg]);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitArgsAsync(name, [first, second]);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitArgsAsync(name, [first, second, third]);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => socket.EmitArgsAsync(name, args, isVolatile, isCompressed);

    public ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);
}

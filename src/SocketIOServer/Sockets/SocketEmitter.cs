namespace SocketIOServer.Sockets;

/// <summary>Emits to one client with flags: volatile (dropped if the transport cannot send at once), or uncompressed.</summary>
internal sealed class SocketEmitter(Socket socket, bool isVolatile, bool isCompressed) : IEmitter
{
    public ValueTask EmitAsync(string name) => EmitAsync<object?, object?, object?>(name, 0, null, null, null);

    public ValueTask EmitAsync<T>(string name, T arg) => EmitAsync<T, object?, object?>(name, 1, arg, null, null);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitAsync<T1, T2, object?>(name, 2, first, second, null);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitAsync(name, 3, first, second, third);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => socket.EmitArgsAsync(name, args, isVolatile, isCompressed);

    public ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);

    private ValueTask EmitAsync<T1, T2, T3>(string name, int count, T1 first, T2 second, T3 third) =>
        socket.EmitAsync(name, count, first, second, third, isVolatile, isCompressed);
}

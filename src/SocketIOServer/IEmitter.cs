namespace SocketIOServer;

/// <summary>
/// Something that events can be sent to: one socket, or a set of sockets. All members may be called from any thread.
/// </summary>
/// <remarks>
/// <para>
/// The arguments of an event are serialized before the call returns, so the caller may change them afterwards. If an argument cannot be serialized,
/// the call throws and nothing is sent. A completed call means that the event is queued; it does not mean that a client has received it. Sending to
/// a socket that has left is not an error.
/// </para>
/// <para>
/// An implementation needs <see cref="EmitArgsAsync"/> alone. The other members have a default that calls it.
/// </para>
/// </remarks>
public interface IEmitter
{
    /// <summary>Sends an event without arguments.</summary>
    /// <param name="name">The name of the event: any name except those that the protocol reserves, such as "connect" and "disconnect".</param>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    ValueTask EmitAsync(string name) => EmitArgsAsync(name, []);

    /// <summary>Sends an event with one argument. An array is one argument; <see cref="EmitArgsAsync"/> sends its elements.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="arg">Its argument. A <c>byte[]</c> anywhere in it is sent as binary.</param>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    /// <example><code>await socket.EmitAsync("news", new { title = "Hello", picture = bytes });</code></example>
    ValueTask EmitAsync<T>(string name, T arg) => EmitArgsAsync(name, [arg]);

    /// <summary>Sends an event with two arguments.</summary>
    /// <inheritdoc cref="EmitAsync(string)"/>
    ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitArgsAsync(name, [first, second]);

    /// <summary>Sends an event with three arguments.</summary>
    /// <inheritdoc cref="EmitAsync(string)"/>
    ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitArgsAsync(name, [first, second, third]);

    /// <summary>Sends an event with any number of arguments.</summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="args">The arguments: each element is one.</param>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args);

    /// <summary>Sends the event "message" with one argument, as <c>socket.send</c> does in JavaScript.</summary>
    ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);
}

namespace SocketIOServer;

/// <summary>
/// Something that events can be sent to. Any thread. Arguments are serialised before a call returns and may be changed
/// afterwards; what cannot be serialised throws at the caller and puts nothing on the wire. A completed call means
/// "queued", not "received"; sending to a socket that is gone is no error.
/// </summary>
public interface IEmitter
{
    /// <summary>Sends an event without arguments.</summary>
    /// <param name="name">Any name but those the protocol keeps for itself, such as "connect" and "disconnect".</param>
    /// <exception cref="ArgumentException">The name is reserved.</exception>
    ValueTask EmitAsync(string name);

    /// <summary>Sends an event with one argument: an array is one argument. Binary may stand anywhere in it.</summary>
    /// <inheritdoc cref="EmitAsync(string)"/>
    ValueTask EmitAsync<T>(string name, T arg);

    /// <summary>Sends an event with two arguments.</summary>
    /// <inheritdoc cref="EmitAsync(string)"/>
    ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second);

    /// <summary>Sends an event with three arguments.</summary>
    /// <inheritdoc cref="EmitAsync(string)"/>
    ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third);

    /// <summary>Sends an event with as many arguments as the span has elements.</summary>
    /// <inheritdoc cref="EmitAsync(string)"/>
    ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args);

    /// <summary>Sends the event "message" with one argument.</summary>
    ValueTask SendAsync<T>(T arg);
}

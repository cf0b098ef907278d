namespace SocketIOServer.Events;

/// <summary>What a handler is called for, hence what its parameters can be.</summary>
internal enum HandlerKind
{
    /// <summary>A connection's life: no arguments but what is given.</summary>
    Hook,

    /// <summary>An event and its arguments.</summary>
    Event,

    /// <summary>Any event: its name, then its arguments.</summary>
    Any,
}

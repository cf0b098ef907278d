namespace SocketIOServer.Events;

/// <summary>What a handler is called for, hence what its parameters can be.</summary>
internal enum HandlerKind
{
    /// <summary>A client that connects: there are no arguments.</summary>
    Hook,

    /// <summary>A client that leaves: there are no arguments, but a reason.</summary>
    LeaveHook,

    /// <summary>An event and its arguments.</summary>
    Event,

    /// <summary>Any event: its name, then its arguments.</summary>
    Any,
}

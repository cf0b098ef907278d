namespace SocketIOServer.Events;

/// <summary>What a handler is called for, which decides what its parameters can be.</summary>
internal enum HandlerKind
{
    /// <summary>A client connects. There are no arguments.</summary>
    Hook,

    /// <summary>A client leaves. There are no arguments, but a reason.</summary>
    LeaveHook,

    /// <summary>An event and its arguments.</summary>
    Event,

    /// <summary>An event of another server and its arguments: there is no client.</summary>
    Cluster,

    /// <summary>Any event: its name, then its arguments.</summary>
    Any,
}

namespace SocketIOServer.Soak.Recovery;

/// <summary>Where clients get their sessions back.</summary>
internal enum Ground
{
    /// <summary>One server.</summary>
    One,

    /// <summary>Three servers on the bus of one process, with the messages of Node's classic adapter: one gives a session to another.</summary>
    Bus,

    /// <summary>The same over Redis.</summary>
    Redis,

    /// <summary>Three servers over streams of Redis.</summary>
    Streams,

    /// <summary>The same and a server of Node, with @socket.io/redis-streams-adapter and connectionStateRecovery.</summary>
    Node,
}

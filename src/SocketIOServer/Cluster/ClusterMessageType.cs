namespace SocketIOServer.Cluster;

/// <summary>What a message between servers says. 1 to 13 are the types of socket.io-adapter's ClusterAdapter; Node's servers ignore those from 100 on.</summary>
internal enum ClusterMessageType
{
    InitialHeartbeat = 1,
    Heartbeat = 2,

    /// <summary>An event; with a request id, one whose receivers are to acknowledge it.</summary>
    Broadcast = 3,
    Join = 4,
    Leave = 5,
    Disconnect = 6,
    Fetch = 7,
    FetchResponse = 8,

    /// <summary>An event for the servers themselves.</summary>
    ServerEvent = 9,
    ServerEventResponse = 10,

    /// <summary>How many sockets of a server were asked for an ack.</summary>
    AckCount = 11,

    /// <summary>The ack of one socket.</summary>
    Ack = 12,
    Close = 13,

    /// <summary>Asks which rooms there are.</summary>
    Rooms = 100,
    RoomsResponse = 101,

    /// <summary>Asks how many sockets a target has.</summary>
    Count = 102,
    CountResponse = 103,

    /// <summary>A socket that was asked for an ack has left.</summary>
    AckLeft = 104,

    /// <summary>A server cannot answer a question: it has no handler, or the handler has failed.</summary>
    Failed = 105,

    /// <summary>A client with a session has come to another server.</summary>
    TakeSession = 106,

    /// <summary>The session, or why the client cannot have it.</summary>
    Session = 107,

    /// <summary>Events of the sender were lost before they came into the log.</summary>
    Gap = 108,
}

namespace SocketIOServer.EngineIO;

/// <summary>The reasons for which a session ends, with the texts that Node's server uses.</summary>
internal sealed class CloseReason
{
    /// <summary>The client closed the connection, or the connection was lost.</summary>
    public static readonly CloseReason TransportClose = new("transport close") { DropsQueue = true };

    /// <summary>The client sent a WebSocket close frame or an invalid frame. The server reads nothing more, but still sends what is queued.</summary>
    public static readonly CloseReason EndOfInput = new("transport close");

    /// <summary>The client sent a close packet. A pending poll gets a noop, because the client already knows that the session has ended.</summary>
    public static readonly CloseReason ClosedByClient = new("transport close") { IsKnownToClient = true };
    public static readonly CloseReason TransportError = new("transport error") { DropsQueue = true };
    public static readonly CloseReason TooLarge = new("transport error", "a message was larger than MaxPayload") { Refusal = "too_large" };
    public static readonly CloseReason SlowClient = new("transport error", "slow client: more than MaxQueuedBytes were waiting") { DropsQueue = true, Refusal = "slow_client" };
    public static readonly CloseReason Overlap = new("transport error", "two requests of a kind at once") { Refusal = "overlap" };
    public static readonly CloseReason PingTimeout = new("ping timeout") { DropsQueue = true };
    public static readonly CloseReason ParseError = new("parse error") { Refusal = "parse_error", IsParseError = true };

    /// <summary>A packet was valid, but more than an option allows.</summary>
    public static readonly CloseReason PacketLimit = new("parse error", "a packet exceeded a limit") { Refusal = "packet_limit", IsParseError = true };
    public static readonly CloseReason Refused = new("forced close", "the client broke a rule of the protocol") { Refusal = "rule_broken" };

    /// <summary>The server's own code threw an unexpected exception (<see cref="EngineSession.Fail"/>). The exception is in the log.</summary>
    public static readonly CloseReason InternalError = new("transport error", "an internal error; the exception is logged");
    public static readonly CloseReason ForcedClose = new("forced close") { IsGraceful = true };
    public static readonly CloseReason ConnectTimeout = new("forced close", "no namespace was joined in time") { IsGraceful = true };
    public static readonly CloseReason ShuttingDown = new("server shutting down") { IsGraceful = true };

    private CloseReason(string text, string? detail = null) => (Text, Detail) = (text, detail);

    public string Text { get; }

    /// <summary>Details for the log. The client never gets them.</summary>
    public string? Detail { get; }

    /// <summary>The name of the refusal in logs and metrics. Null if the session was not closed because of what the client did.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Why this session was closed, if the general explanation of the reason is not precise enough.</summary>
    public Explanation? Explanation { get; private set; }

    /// <summary>Whether a POST that causes this reason is answered with 400.</summary>
    public bool IsParseError { get; private init; }

    /// <summary>Whether queued messages are dropped, because the client is gone or too slow. Otherwise the transport still sends them if it can.</summary>
    public bool DropsQueue { get; private init; }

    /// <summary>Whether a polling client gets a close packet at its next poll, after the queued messages.</summary>
    public bool IsGraceful { get; private init; }

    public bool IsKnownToClient { get; private init; }

    /// <summary>Whether requests can find the session until its client has polled the packet that announces the end.</summary>
    public bool IsToldAtNextPoll => IsGraceful || IsKnownToClient;

    /// <summary>Returns a copy of this reason with an explanation for one session.</summary>
    public CloseReason Because(Explanation explanation)
    {
        var reason = (CloseReason)MemberwiseClone();
        reason.Explanation = explanation;
        return reason;
    }

    public override string ToString() => Detail is null ? Text : $"{Text} ({Detail})";
}

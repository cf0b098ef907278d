namespace SocketIOServer.EngineIO;

/// <summary>All reasons that a session ends for, with the words that the reference uses.</summary>
internal sealed class CloseReason
{
    /// <summary>The client ended it, or its connection is gone.</summary>
    public static readonly CloseReason TransportClose = new("transport close") { DropsQueue = true };

    /// <summary>The client sent a close frame, or what is no frame: nothing more of it is read. What was sent to it before still goes out.</summary>
    public static readonly CloseReason EndOfInput = new("transport close");

    /// <summary>The client said so with a close packet: its pending poll gets a noop, for it knows already.</summary>
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

    /// <summary>Something threw that no rule of ours expects (<see cref="EngineSession.Fail"/>); the exception is in the log.</summary>
    public static readonly CloseReason InternalError = new("transport error", "an internal error; the exception is logged");
    public static readonly CloseReason ForcedClose = new("forced close") { IsGraceful = true };
    public static readonly CloseReason ConnectTimeout = new("forced close", "no namespace was joined in time") { IsGraceful = true };
    public static readonly CloseReason ShuttingDown = new("server shutting down") { IsGraceful = true };

    private CloseReason(string text, string? detail = null) => (Text, Detail) = (text, detail);

    public string Text { get; }

    /// <summary>For the log; never sent.</summary>
    public string? Detail { get; }

    /// <summary>What the client did is refused, and the log says so by this name.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Why this session was closed, where a sentence for all sessions would not do.</summary>
    public Explanation? Explanation { get; private set; }

    /// <summary>A POST that causes it is answered with 400.</summary>
    public bool IsParseError { get; private init; }

    /// <summary>Nobody is there to hear it, or too slowly. Else what was sent before the end still goes out, where the transport is there for it.</summary>
    public bool DropsQueue { get; private init; }

    /// <summary>A polling client is told at its next poll, behind what is queued.</summary>
    public bool IsGraceful { get; private init; }

    public bool IsKnownToClient { get; private init; }

    /// <summary>The session stays findable until its client has polled the packet that tells of the end.</summary>
    public bool IsToldAtNextPoll => IsGraceful || IsKnownToClient;

    /// <summary>The same reason, and why this session was closed for it.</summary>
    public CloseReason Because(Explanation explanation)
    {
        var reason = (CloseReason)MemberwiseClone();
        reason.Explanation = explanation;
        return reason;
    }

    public override string ToString() => Detail is null ? Text : $"{Text} ({Detail})";
}

namespace SocketIOServer.Tests.Faults;

/// <summary>One place where the server calls the program, and what follows when the program throws there.</summary>
internal sealed record Place(string Name)
{
    /// <summary>What the client sends to join the namespace of that name, behind its comma.</summary>
    public string Auth { get; init; } = "";

    /// <summary>What it sends behind the name "go".</summary>
    public string Arguments { get; init; } = "";

    /// <summary>The ack of "go"; null: that the event failed or has invalid arguments.</summary>
    public string? Ack { get; init; }

    /// <summary>There is no such event.</summary>
    public bool IsSilent { get; init; }

    /// <summary>What comes beside the ack.</summary>
    public string[] Events { get; init; } = [];

    /// <summary>What the client is told instead of being let in.</summary>
    public string? Refusal { get; init; }

    /// <summary>The handshake gets 500.</summary>
    public bool HasNoSession { get; init; }

    /// <summary>The session may go on or end: nothing can do without what throws here.</summary>
    public bool IsFree { get; init; }

    /// <summary>Lines at Error.</summary>
    public int Errors { get; init; } = 1;

    /// <summary>At most one line at Error, not one each time.</summary>
    public bool IsToldOnce { get; init; }

    /// <summary>An exception that says of a value that it is no such thing blames the client: no line at Error.</summary>
    public bool IsForValues { get; init; }

    /// <summary>The fault is there without being armed.</summary>
    public bool IsAlways { get; init; }

    /// <summary>A header of the client's requests.</summary>
    public string? Header { get; init; }

    /// <summary>Only with this transport.</summary>
    public string? Transport { get; init; }

    public int ErrorsOf(string kind) => IsForValues && kind is "invalid" or "json" ? 0 : Errors;
}

namespace SocketIOServer.Soak.Server;

/// <summary>What the server under load says of itself.</summary>
public sealed record ServerState
{
    /// <summary>Those included that wait for their farewell to be polled.</summary>
    public int Sessions { get; init; }

    /// <summary>In all namespaces.</summary>
    public int Sockets { get; init; }

    /// <summary>Bytes of managed memory after a full collection.</summary>
    public long Heap { get; init; }

    /// <summary>Bytes of the whole process, after the same collection.</summary>
    public long Resident { get; init; }

    public double CpuSeconds { get; init; }

    /// <summary>Open file descriptors, connections among them.</summary>
    public int Files { get; init; }

    /// <summary>Timers of the whole process that are armed.</summary>
    public long Timers { get; init; }

    /// <summary>Log lines at Error or above.</summary>
    public int Errors { get; init; }

    /// <summary>The first few of those lines.</summary>
    public string[] ErrorTexts { get; init; } = [];

    /// <summary>Exceptions of tasks that nobody looked at.</summary>
    public int Unobserved { get; init; }

    /// <summary>How often OnConnected ran, in all namespaces.</summary>
    public int Connected { get; init; }

    /// <summary>How often OnDisconnected ran for each reason.</summary>
    public Dictionary<string, int> Left { get; init; } = [];

    /// <summary>Marks of the event "mark" that came more than once.</summary>
    public int Doubled { get; init; }

    /// <summary>What the wall clock of the process shows.</summary>
    public DateTimeOffset Now { get; init; }
}

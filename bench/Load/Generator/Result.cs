namespace LoadGenerator;

/// <summary>One scenario against one server, once; a line of JSON in the file that the report reads. Null is a figure that this scenario or server does not have.</summary>
internal sealed record Result
{
    public required string Server { get; init; }

    public required string Scenario { get; init; }

    public required int Clients { get; init; }

    /// <summary>Servers are compared within a round; 0 is the warm-up, which tells only how long that was.</summary>
    public int Round { get; init; }

    public double? PerSecond { get; init; }

    /// <summary>Server CPU seconds a million messages, which is microseconds a message.</summary>
    public double? CpuMicroseconds { get; init; }

    /// <summary>How much of its core the server got, 0 to 1; below 1 in a closed loop means that others worked on that core, or that it waited for the generator.</summary>
    public double? ServerCpu { get; init; }

    /// <summary>How much of its core the generator used, 0 to 1; near 1 it was the bottleneck, unless it spins by design.</summary>
    public double? GeneratorCpu { get; init; }

    public double? P50Microseconds { get; init; }

    public double? P99Microseconds { get; init; }

    public double? P999Microseconds { get; init; }

    /// <summary>A message.</summary>
    public double? AllocatedBytes { get; init; }

    public double? WarmupSeconds { get; init; }

    /// <summary>Whether the CPU cost had stopped falling when the measurement began.</summary>
    public bool? IsSteady { get; init; }

    /// <summary>Resident bytes an idle connection, as it stands.</summary>
    public double? IdleBytes { get; init; }

    /// <summary>The same after the server has collected its garbage.</summary>
    public double? IdleBytesCollected { get; init; }
}

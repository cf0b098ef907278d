namespace SocketIOServer.Cluster;

/// <summary>The settings of a server in a cluster, whichever bus it has.</summary>
public sealed class ClusterOptions
{
    /// <summary>A name for logs and for <c>ISocketServer.Cluster.Nodes</c>. Default: the host's name and the process id, such as "web-1#4711".</summary>
    public string NodeName { get; set; } = $"{Environment.MachineName}#{Environment.ProcessId}";

    /// <summary>
    /// How long the other servers' answers to <c>FetchSocketsAsync</c>, <c>CountAsync</c>, <c>RoomsAsync</c> and calls of the cluster are waited for. The
    /// answers to a broadcast with acks are waited for as long as its acks. Default 5 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a server tells the others that it is there. Default 2 s.</summary>
    public TimeSpan BeatInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>After how much silence a server counts as gone. Default 6 s.</summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>The largest message of another server that is read. Default 10 MiB.</summary>
    public int MaxMessageBytes { get; set; } = 10 << 20;

    /// <summary>
    /// Publish even while no other server is there. Default false: a server that knows itself alone publishes nothing. Servers of this library are known before they
    /// serve their first client. Servers of Node do not say that they have come, so the first of them may miss what this server emits in its first
    /// <see cref="BeatInterval"/>; set true where that matters.
    /// </summary>
    public bool AlwaysPublish { get; set; }

    /// <summary>
    /// Whether the other servers get the <c>auth</c> object and the headers Cookie and Authorization of a client that they fetch. Default false: credentials
    /// do not travel over the bus.
    /// </summary>
    public bool ShareCredentials { get; set; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(NodeName);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(BeatInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(DeadAfter, BeatInterval);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMessageBytes);
    }
}

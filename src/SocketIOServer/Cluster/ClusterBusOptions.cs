namespace SocketIOServer.Cluster;

/// <summary>Limits and times that every <see cref="ClusterBus"/> has.</summary>
public class ClusterBusOptions
{
    /// <summary>How many bytes of memory the messages that wait to be published may take, 192 bytes for each beside its own. When the queue is full, new messages are dropped and counted. Default 16 MiB.</summary>
    public long MaxQueuedBytes { get; set; } = 16 << 20;

    /// <summary>How many messages may wait to be published. Default 65,536.</summary>
    public int MaxQueuedMessages { get; set; } = 65_536;

    /// <summary>
    /// How often the bus publishes a message to itself, and how long it waits for it. After two messages that did not come back, the bus counts as
    /// <see cref="BusState.Deaf"/> and connects anew. Default 1.5 s, so that an engine that no longer answers is noticed within 4.5 s. A message that takes longer
    /// than twice this time on its way to the engine ends the connection.
    /// </summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long an attempt to connect may take. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two attempts to connect. The first is about 0.1 s, each further one twice as long. Default 2 s.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(2);
}

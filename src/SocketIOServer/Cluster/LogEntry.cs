namespace SocketIOServer.Cluster;

/// <summary>One entry of an <see cref="IClusterLog"/>. Immutable.</summary>
public sealed class LogEntry
{
    /// <summary>The id of the server that has written it.</summary>
    public required string Sender { get; init; }

    /// <summary>The namespace that it belongs to.</summary>
    public required string Namespace { get; init; }

    /// <summary>What it says: the number of a message type of socket.io-adapter.</summary>
    public required int Type { get; init; }

    /// <summary>The rest of the message. The log does not look into it.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Counts the entries of a sender in a namespace; 0: not numbered, such as those of Node's servers.</summary>
    public long Number { get; init; }

    /// <summary>True: it is dropped while the log is not alive, because it is worth nothing later. Not written to the log.</summary>
    public bool IsVolatile { get; init; }

    /// <summary>The delivery to the clients of this server, which waits for the entry; null: nothing waits.</summary>
    internal LogDelivery.Item? Waiting { get; init; }
}

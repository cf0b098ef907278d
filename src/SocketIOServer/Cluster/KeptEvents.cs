using SocketIOServer.Retries;

namespace SocketIOServer.Cluster;

/// <summary>What one server keeps of the events of a session in its memory, and what moves to another server with the session.</summary>
/// <param name="Handled">The latest events with a key that were handled, the oldest first, and their acks.</param>
/// <param name="Durable">The durable events that the client has not acked, in their order, as an inbox has them.</param>
internal sealed record KeptEvents(IReadOnlyList<(RetriedEvent Event, KeptAck Ack)> Handled, IReadOnlyList<ReadOnlyMemory<byte>> Durable)
{
    // They go along in one message of the bus, or in one record of a store.
    public const int MaxHandled = 100;
    public const long MaxHandledBytes = 32 << 10;

    public static KeptEvents None { get; } = new([], []);

    public bool Any => Handled.Count > 0 || Durable.Count > 0;
}

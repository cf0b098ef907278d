namespace SocketIOServer.Adapters;

/// <summary>An event in the history of a room.</summary>
/// <param name="Message">The event as it was sent, without an offset.</param>
/// <param name="Logged">The event with a place for an offset. Null: the namespace has no log.</param>
/// <param name="OffsetAt">Where that place is in the head of <paramref name="Logged"/>.</param>
/// <param name="Target">For whom it was.</param>
/// <param name="Position">Rises with each event that is kept.</param>
/// <param name="Time">When it was sent: a timestamp of the server's clock.</param>
internal readonly record struct KeptEvent(OutgoingMessage Message, OutgoingMessage? Logged, int OffsetAt, Target Target, long Position, long Time)
{
    // What an entry costs beside the bytes of the event.
    private const int Overhead = 200;

    public long Bytes => Overhead + Message.Size + (Logged?.Size ?? 0L);
}

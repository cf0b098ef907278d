namespace SocketIOServer.Adapters;

/// <summary>The latest events of one room, in their order. Belongs to the lock of <see cref="HistoryStore"/>.</summary>
internal sealed class RoomHistory
{
    // What a room costs beside its name and its events.
    private const int Overhead = 400;

    private readonly long _bytesOfName;

    /// <param name="namespace">The name of its namespace.</param>
    /// <param name="room">Its name. Null: the whole namespace.</param>
    public RoomHistory(string @namespace, string? room)
    {
        Key = (@namespace, room);
        _bytesOfName = Overhead + (sizeof(char) * (room?.Length ?? 0));
        Node = new(this);
    }

    public (string Namespace, string? Room) Key { get; }

    public LinkedListNode<RoomHistory> Node { get; }

    public Queue<KeptEvent> Events { get; } = [];

    public long EventBytes { get; private set; }

    public long Bytes => _bytesOfName + EventBytes;

    public long LastPosition { get; private set; }

    /// <summary>When its last event was sent.</summary>
    public long LastTime { get; private set; }

    public void Add(in KeptEvent kept)
    {
        Events.Enqueue(kept);
        EventBytes += kept.Bytes;
        (LastPosition, LastTime) = (kept.Position, kept.Time);
    }

    public void DropFirst() => EventBytes -= Events.Dequeue().Bytes;
}

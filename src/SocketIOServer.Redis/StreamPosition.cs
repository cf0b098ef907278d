using SocketIOServer.Cluster;

namespace SocketIOServer.Redis;

/// <summary>How far a stream was read. Belongs to its reader.</summary>
internal sealed class StreamPosition(string stream)
{
    private readonly Lock _gate = new();
    private EntryId _read;
    private EntryId? _from;

    public string Stream => stream;

    /// <summary>False: nothing is known of the stream yet, and reading begins behind what is there.</summary>
    public bool IsKnown { get; private set; }

    public EntryId Read
    {
        get
        {
            lock (_gate) return _read;
        }
    }

    /// <summary>Where reading has begun, or goes on behind the last gap. Null: nothing is known of the stream yet.</summary>
    public EntryId? From
    {
        get
        {
            lock (_gate) return _from;
        }
    }

    public void MoveTo(EntryId id)
    {
        lock (_gate)
        {
            _read = id;
            _from ??= id;
        }

        IsKnown = true;
    }
}

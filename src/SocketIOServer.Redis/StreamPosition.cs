namespace SocketIOServer.Redis;

/// <summary>How far a stream was read. Belongs to its reader.</summary>
internal sealed class StreamPosition(string stream)
{
    private readonly Lock _gate = new();
    private StreamId _read;

    public string Stream => stream;

    /// <summary>False: nothing is known of the stream yet, and reading begins behind what is there.</summary>
    public bool IsKnown { get; private set; }

    public StreamId Read
    {
        get
        {
            lock (_gate) return _read;
        }
    }

    public void MoveTo(StreamId id)
    {
        lock (_gate) _read = id;
        IsKnown = true;
    }
}

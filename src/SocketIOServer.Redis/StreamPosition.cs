using SocketIOServer.Adapters;

namespace SocketIOServer.Redis;

/// <summary>How far a stream was read. Only its reader changes it.</summary>
internal sealed class StreamPosition(string stream)
{
    private readonly Lock _gate = new();
    private EntryId _read;
    private EntryId? _from;

    public string Stream => stream;

    /// <summary>False: what is read was there before this server came, and is not for the clients that it has.</summary>
    public bool IsLive { get; set; }

    /// <summary>The id of the last entry that was read.</summary>
    public EntryId Read
    {
        get
        {
            lock (_gate) return _read;
        }
    }

    /// <summary>Entries with later ids were all read, or will be. Null: nothing is known of the stream yet.</summary>
    public EntryId? From
    {
        get
        {
            lock (_gate) return _from;
        }
    }

    /// <summary>The highest id that is before another one.</summary>
    public static EntryId Before(EntryId id) => id switch
    {
        { Sequence: > 0 } => id with { Sequence = id.Sequence - 1 },
        { Milliseconds: > 0 } => new(id.Milliseconds - 1, ulong.MaxValue),
        _ => EntryId.None,
    };

    public void BeginBehind(EntryId id)
    {
        lock (_gate)
        {
            _read = id;
            _from = id;
        }
    }

    public void MoveTo(EntryId id)
    {
        lock (_gate) _read = id;
    }

    /// <summary>Some entries behind the one that was read last are gone; none that is behind this id.</summary>
    public void Lose(EntryId until)
    {
        lock (_gate) _from = until;
    }

    /// <summary>
    /// The stream is another one than before, whose last entry has this id. If the clock was set back, its ids are the same as earlier ones for a while. None of
    /// those tells any more what a client has.
    /// </summary>
    public void BeginAnew(EntryId last)
    {
        lock (_gate)
        {
            _from = _read > _from ? _read : _from;
            _read = last;
        }
    }
}

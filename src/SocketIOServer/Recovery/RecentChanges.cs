using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <summary>
/// The latest changes of the sockets of rooms, for sessions that no server has at the moment of a change: their clients are just taking them, here or from another server.
/// Without a log of the cluster only; that log has the changes itself. The gate of the log guards it.
/// </summary>
internal sealed class RecentChanges(RecoveryStore store)
{
    private const int MaxCount = 1000;
    private const int MaxBytes = 256 * 1024;

    // A session is on its way for up to five seconds, and a server hears a change up to two seconds later than another one.
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);

    private readonly Queue<RecentChange> _changes = new();
    private long _bytes;
    private long _dropped;
    private long? _droppedEarly;

    /// <summary>The number of the last change.</summary>
    public long Latest { get; private set; }

    /// <param name="change">What is done.</param>
    /// <param name="origin">Which server does it.</param>
    /// <param name="at">The position of the last event before it.</param>
    public void Add(MemberChange change, in EventOrigin origin, EntryId at)
    {
        // The clock may be the program's. If it throws, nothing has changed.
        var now = store.Now;
        while (_changes.TryPeek(out var oldest) && store.Since(oldest.Time) > MaxAge) Drop();
        while (_changes.Count >= MaxCount || _changes.Count > 0 && _bytes + change.Size > MaxBytes) _droppedEarly = Drop();
        _changes.Enqueue(new(++Latest, change, origin, at, now));
        _bytes += change.Size;
    }

    /// <summary>The changes behind the one with this number, in their order. Null: they are no longer kept.</summary>
    public IEnumerable<RecentChange>? After(long number) => number < _dropped ? null : _changes.Where(change => change.Number > number);

    /// <summary>
    /// Whether a change of this time is for a socket in these rooms and another server has not seen it, or may be: then the session that the other server has given away lacks the
    /// change.
    /// </summary>
    /// <param name="rooms">The rooms of the socket.</param>
    /// <param name="seen">What the other server has seen.</param>
    /// <param name="within">Older changes have reached each server.</param>
    public bool MayLack(IReadOnlySet<string> rooms, SeenEvents seen, TimeSpan within)
    {
        if (_droppedEarly is { } time && store.Since(time) <= within) return true;
        foreach (var change in _changes)
        {
            // A change that stays on one server does not concern a socket of another one.
            if (change.Origin.Sender is null || seen.Contains(change.Origin)) continue;
            if (store.Since(change.Time) > within && !seen.IsOnTheWay(change.Origin)) continue;
            if (NamespaceRecovery.IsFor(change.Change.Target, rooms)) return true;
        }

        return false;
    }

    private long Drop()
    {
        var oldest = _changes.Dequeue();
        _bytes -= oldest.Change.Size;
        _dropped = oldest.Number;
        return oldest.Time;
    }
}

/// <summary>A change of the sockets of rooms, and when it came.</summary>
/// <param name="Number">Counts the changes.</param>
/// <param name="Change">What was done.</param>
/// <param name="Origin">Which server did it.</param>
/// <param name="At">The position of the last event before it.</param>
/// <param name="Time">A timestamp of the server's clock.</param>
internal readonly record struct RecentChange(long Number, MemberChange Change, EventOrigin Origin, EntryId At, long Time);

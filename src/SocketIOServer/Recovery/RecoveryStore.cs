using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <summary>What the namespaces of a server share: how much they keep, and when sessions and events are too old.</summary>
internal sealed class RecoveryStore : ILogBudget, IDisposable
{
    /// <summary>A session that has lasted so long is kept longer than those of clients that connect and cut in a loop.</summary>
    public static readonly TimeSpan NewFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MaxPeriod = TimeSpan.FromSeconds(10);

    private readonly RecoveryOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private readonly Lock _gate = new();

    // The latest are the last. A dictionary finds those that are taken.
    private readonly LinkedList<SavedSession> _sessions = new();
    private readonly LinkedList<SavedSession> _new = new();
    private readonly Dictionary<SavedSession, LinkedListNode<SavedSession>> _nodes = [];
    private readonly HashSet<EventLog> _logs = [];
    private long _bytes;
    private int _onTheWay;
    private bool _isArmed;

    public RecoveryStore(RecoveryOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _period = options.Window / 4 < MaxPeriod ? options.Window / 4 : MaxPeriod;
        _timer = time.CreateTimer(static state => ((RecoveryStore)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The bytes of all events and sessions.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int SessionCount
    {
        get
        {
            lock (_gate) return _nodes.Count;
        }
    }

    public long Now => _time.GetTimestamp();

    /// <summary>The time since a timestamp of <see cref="Now"/>.</summary>
    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    public TimeSpan Window => _options.Window;

    public bool IsExceeded => Bytes > _options.MaxTotalBytes;

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void OnFilled(EventLog log)
    {
        lock (_gate)
        {
            _logs.Add(log);
            Arm();
        }
    }

    /// <summary>A client asks for a session. It has the session, or the session is kept here again, when that ends.</summary>
    public void OnTaking() => Interlocked.Increment(ref _onTheWay);

    public void OnTaken() => Interlocked.Decrement(ref _onTheWay);

    /// <summary>Whether there are sessions that other servers can take, of clients that left not longer ago than this.</summary>
    public bool IsAwaited(TimeSpan within)
    {
        if (Volatile.Read(ref _onTheWay) > 0) return true;
        lock (_gate)
        {
            foreach (var (session, _) in _nodes)
            {
                if (AwayFor(session) < within && session.Recovery.Others is not null && !session.IsStored) return true;
            }
        }

        return false;
    }

    public bool IsExpired(SavedSession session) => AwayFor(session) > _options.Window;

    public TimeSpan AwayFor(SavedSession session) => _time.GetElapsedTime(session.Time);

    public void Add(SavedSession session)
    {
        Add(session.Bytes);
        lock (_gate)
        {
            _nodes[session] = (session.IsNew ? _new : _sessions).AddLast(session);
            Arm();
        }
    }

    public void Remove(SavedSession session)
    {
        lock (_gate)
        {
            if (!_nodes.Remove(session, out var node)) return;
            node.List!.Remove(node);
        }

        Add(-session.Bytes);
    }

    /// <summary>
    /// Drops sessions while more is kept than the options allow, the oldest of new ones first: a client that connects and cuts in a loop would otherwise cost others theirs. The caller
    /// holds no gate of a log.
    /// </summary>
    public void DropExcess()
    {
        Drop(_new, _ => IsExceeded);
        Drop(_sessions, _ => IsExceeded);
    }

    /// <summary>The server has stopped: no client comes back to it.</summary>
    public void DropAll()
    {
        Drop(_new, static _ => true);
        Drop(_sessions, static _ => true);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        // First, because the clock may throw: whatever is kept next sets the timer again.
        lock (_gate) _isArmed = false;
        Drop(_new, IsExpired);
        Drop(_sessions, IsExpired);
        EventLog[] logs;
        lock (_gate) logs = [.. _logs];
        foreach (var log in logs)
        {
            lock (log.Gate)
            {
                if (log.DropOld()) continue;
                lock (_gate) _logs.Remove(log);
            }
        }

        lock (_gate)
        {
            if (_logs.Count > 0 || _nodes.Count > 0) Arm();
        }
    }

    private void Drop(LinkedList<SavedSession> sessions, Func<SavedSession, bool> isDropped)
    {
        while (true)
        {
            SavedSession? first;
            lock (_gate) first = sessions.First?.Value;
            if (first is null || !isDropped(first)) return;
            Remove(first);
            first.Recovery.Forget(first);
        }
    }

    private void Arm()
    {
        if (_isArmed) return;
        _isArmed = true;
        _timer.Change(_period, Timeout.InfiniteTimeSpan);
    }
}

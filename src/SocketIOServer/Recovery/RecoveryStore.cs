using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <summary>What the namespaces of a server share: how much they keep, and when sessions and events are too old.</summary>
internal sealed class RecoveryStore : ILogBudget, IDisposable
{
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromSeconds(10);

    private readonly RecoveryOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private readonly Lock _gate = new();

    // The latest are the last. A dictionary finds those that are taken.
    private readonly LinkedList<SavedSession> _sessions = new();
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
            // Not in the order of their times: a client that has gone again before it got its session has its old time.
            for (var node = _sessions.Last; node is not null; node = node.Previous)
            {
                if (AwayFor(node.Value) < within && node.Value.Recovery.Others is not null && !node.Value.IsStored) return true;
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
            _nodes[session] = _sessions.AddLast(session);
            Arm();
        }
    }

    public void Remove(SavedSession session)
    {
        lock (_gate)
        {
            if (!_nodes.Remove(session, out var node)) return;
            _sessions.Remove(node);
        }

        Add(-session.Bytes);
    }

    /// <summary>Drops the oldest sessions while more is kept than the options allow. The caller holds no gate of a log.</summary>
    public void DropExcess() => Drop(_ => IsExceeded);

    /// <summary>The server has stopped: no client comes back to it.</summary>
    public void DropAll() => Drop(static _ => true);

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        // First, because the clock may throw: whatever is kept next sets the timer again.
        lock (_gate) _isArmed = false;
        Drop(IsExpired);
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

    private void Drop(Func<SavedSession, bool> isDropped)
    {
        while (true)
        {
            SavedSession? first;
            lock (_gate) first = _sessions.First?.Value;
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

using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// Delivers the events of a namespace to the sockets of this server in the order of the log: this server's own wait until they are read back. Clients do not
/// wait for a log that is slow or away: once an entry has not come back for 250 ms, or the log is not alive, whatever waits is delivered, and events are
/// delivered at once until one comes back in time.
/// </summary>
/// <remarks>All that happens is put into one queue. Whoever puts something into it while nobody works it off does so, so no lock is held while sending.</remarks>
/// <param name="log">The log.</param>
/// <param name="node">This server.</param>
/// <param name="local">Its sockets.</param>
/// <param name="events">Keeps the events in the order of the log for clients that come back. Null: they are not kept, or in another order.</param>
/// <param name="namespace">Its name, for the log lines.</param>
/// <param name="markerOf">Makes the entry that tells all servers that events were lost.</param>
internal sealed partial class LogDelivery(IClusterLog log, ClusterNode node, InMemoryAdapter local, EventLog? events, string @namespace, Func<LogDelivery.Item, LogEntry> markerOf)
{
    /// <summary>How long an event waits for its place in the log.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Queue<(Step Step, Item? Item)> _steps = new();
    private bool _isWorking;
    private int _pending;

    // The following belong to whoever works the queue off.
    private Queue<Item> _waiting = new();
    private ITimer? _timer;
    private bool _isTimed;
    private bool _isBypassed;
    private int _lost;
    private bool _isListening;

    private enum Step
    {
        /// <summary>An event or change of this server is to be appended, or, if it stays on this server, delivered behind those that wait.</summary>
        Append,

        /// <summary>One of this server was read back.</summary>
        ReadBack,

        /// <summary>One of this server was dropped by the log.</summary>
        Dropped,

        /// <summary>One of another server was read.</summary>
        Deliver,

        /// <summary>The log is alive again.</summary>
        Alive,

        /// <summary>The log is not alive.</summary>
        Lost,

        /// <summary>Something may have waited for too long.</summary>
        Check,
    }

    /// <summary>Nothing waits, and everything that was read has been delivered.</summary>
    public bool IsIdle => Volatile.Read(ref _pending) == 0;

    private long Now => node.Time.GetTimestamp();

    /// <summary>Appends an event or change. One without an entry stays on this server, behind those that wait.</summary>
    public void Append(Item item) => Do(Step.Append, item);

    /// <summary>The same, and <see cref="Work"/> follows: the caller may hold a lock.</summary>
    public void Post(Item item) => Post(Step.Append, item);

    public void Deliver(Item item) => Do(Step.Deliver, item);

    public void OnChanged(BusState state) => Do(state == BusState.Alive ? Step.Alive : Step.Lost, null);

    /// <summary>Works off what was posted, unless somebody does so already.</summary>
    public void Work()
    {
        lock (_gate)
        {
            if (_isWorking || _steps.Count == 0) return;
            _isWorking = true;
        }

        while (TryTake(out var next))
        {
            try
            {
                Take(next.Step, next.Item);
            }
            catch (Exception e)
            {
                // The steps behind it must go on. The exception belongs to the item, and not to the thread that works off the queue.
                OnFailed(e, next.Item);
            }
            finally
            {
                Interlocked.Decrement(ref _pending);
            }
        }
    }

    private void Do(Step step, Item? item)
    {
        Post(step, item);
        Work();
    }

    private void Post(Step step, Item? item)
    {
        lock (_gate)
        {
            _steps.Enqueue((step, item));
            Interlocked.Increment(ref _pending);
        }
    }

    private bool TryTake(out (Step Step, Item? Item) next)
    {
        lock (_gate) return _isWorking = _steps.TryDequeue(out next);
    }

    private void Take(Step step, Item? item)
    {
        switch (step)
        {
            case Step.Append:
                Enter(item!, item!.Entry);
                break;
            case Step.ReadBack:
                OnReadBack(item!);
                break;
            case Step.Dropped:
                OnDropped(item!);
                break;
            case Step.Deliver:
                Run(item!);
                break;
            case Step.Alive:
                Mark();
                break;
            case Step.Lost:
                Bypass();
                break;
            case Step.Check:
                Check();
                break;
        }
    }

    private void Enter(Item item, LogEntry? entry)
    {
        if (entry is null)
        {
            Enqueue(item, isFollower: true);
            return;
        }

        var isAppended = TryAppend(entry);
        if (!isAppended)
        {
            node.OnRefused();
            if (item.IsKept) Lose();
        }

        if (log.State != BusState.Alive) Bypass();
        // One that was dropped will not come back, and has its place behind those before it.
        Enqueue(item, isFollower: !isAppended);
        Mark();
    }

    private void Enqueue(Item item, bool isFollower)
    {
        item.IsFollower = isFollower;
        if (_isBypassed || isFollower && _waiting.Count == 0)
        {
            RunUnplaced(item);
            return;
        }

        Interlocked.Increment(ref _pending);
        _waiting.Enqueue(item);
        if (!_isTimed) Time(Patience);
    }

    private void OnReadBack(Item item)
    {
        item.TakePlace();
        if (IsInTime(item)) _isBypassed = false;
        if (item.Lost > 0)
        {
            OnMarkerReadBack(item);
        }
        else if (item.IsUnplaced)
        {
            Place(item);
        }
        else if (item.IsDelivered)
        {
            if (events is not null && item.IsKeptChange) Keep(item);
        }
        else
        {
            TakeOut(item);
            Run(item);
            while (_waiting.TryPeek(out var next) && next.IsFollower) Run(Dequeue());
        }

        Mark();
    }

    // Those before it were not written yet, and come back later.
    private void TakeOut(Item item)
    {
        if (_waiting.TryPeek(out var first) && first == item)
        {
            Dequeue();
            return;
        }

        var rest = new Queue<Item>(_waiting.Where(other => other != item));
        if (rest.Count < _waiting.Count) Interlocked.Decrement(ref _pending);
        _waiting = rest;
    }

    private void Check()
    {
        _isTimed = false;
        if (!_waiting.TryPeek(out var oldest)) return;
        var left = Patience - node.Time.GetElapsedTime(oldest.Since);
        if (left > TimeSpan.Zero) Time(left);
        else Bypass();
    }

    private void Bypass()
    {
        _isBypassed = true;
        while (_waiting.Count > 0) RunUnplaced(Dequeue());
    }

    private Item Dequeue()
    {
        Interlocked.Decrement(ref _pending);
        return _waiting.Dequeue();
    }

    private void Time(TimeSpan due)
    {
        _timer ??= node.Time.CreateTimer(static state => ((LogDelivery)state!).Do(Step.Check, null), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
        _isTimed = true;
    }
}

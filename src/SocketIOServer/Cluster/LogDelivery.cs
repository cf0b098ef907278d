using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// Delivers the events of a namespace to the sockets of this server in the order of the log: this server's own wait until they are read back. Clients do not
/// wait for a log that is slow or away: once an entry has not come back for 250 ms, or the log is not alive, whatever waits is delivered, and events are
/// delivered at once until one comes back in time.
/// </summary>
/// <remarks>All that happens is put into one queue. Whoever puts something into it while nobody works it off does so, so no lock is held while sending.</remarks>
internal sealed class LogDelivery(IClusterLog log, ClusterNode node, InMemoryAdapter local)
{
    /// <summary>How long an event waits for its place in the log.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Queue<(Step Step, Item? Item)> _steps = new();
    private bool _isWorking;

    // The following belong to whoever works the queue off.
    private readonly Queue<Item> _waiting = new();
    private ITimer? _timer;
    private bool _isTimed;
    private bool _isBypassed;

    private enum Step
    {
        /// <summary>An event or change of this server is to be appended.</summary>
        Append,

        /// <summary>One that stays on this server is to be delivered behind those that wait.</summary>
        Follow,

        /// <summary>One of this server was read back.</summary>
        ReadBack,

        /// <summary>One of another server was read.</summary>
        Deliver,

        /// <summary>The log is not alive.</summary>
        Lost,

        /// <summary>Something may have waited for too long.</summary>
        Check,
    }

    public void Append(Item item) => Do(Step.Append, item);

    public void Follow(Item item) => Do(Step.Follow, item);

    public void Deliver(Item item) => Do(Step.Deliver, item);

    public void OnLost() => Do(Step.Lost, null);

    private void Do(Step step, Item? item)
    {
        lock (_gate)
        {
            _steps.Enqueue((step, item));
            if (_isWorking) return;
            _isWorking = true;
        }

        try
        {
            while (TryTake(out var next)) Take(next.Step, next.Item);
        }
        catch
        {
            // The next one goes on with what is left.
            lock (_gate) _isWorking = false;
            throw;
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
                var isAppended = log.Append(item!.Entry!);
                if (!isAppended) node.OnRefused();
                if (log.State != BusState.Alive) Bypass();
                // One that was dropped will not come back, and has its place behind those before it.
                Enqueue(item, isFollower: !isAppended);
                break;
            case Step.Follow:
                Enqueue(item!, isFollower: true);
                break;
            case Step.ReadBack:
                OnReadBack(item!);
                break;
            case Step.Deliver:
                item!.Run(local);
                break;
            case Step.Lost:
                Bypass();
                break;
            case Step.Check:
                Check();
                break;
        }
    }

    private void Enqueue(Item item, bool isFollower)
    {
        if (_isBypassed || isFollower && _waiting.Count == 0)
        {
            if (!isFollower) node.OnUnordered();
            item.Run(local);
            return;
        }

        item.IsFollower = isFollower;
        _waiting.Enqueue(item);
        if (!_isTimed) Time(Patience);
    }

    private void OnReadBack(Item item)
    {
        if (node.Time.GetElapsedTime(item.Since) < Patience) _isBypassed = false;
        if (item.IsDelivered) return;
        // Those before it were not written yet; they have their places here all the same.
        while (_waiting.TryDequeue(out var next))
        {
            next.Run(local);
            if (next == item) break;
        }

        while (_waiting.TryPeek(out var next) && next.IsFollower) _waiting.Dequeue().Run(local);
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
        while (_waiting.TryDequeue(out var next))
        {
            if (!next.IsFollower) node.OnUnordered();
            next.Run(local);
        }
    }

    private void Time(TimeSpan due)
    {
        _isTimed = true;
        _timer ??= node.Time.CreateTimer(static state => ((LogDelivery)state!).Do(Step.Check, null), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An event or a change on its way to the sockets of this server.</summary>
    public sealed class Item(LogDelivery owner)
    {
        private readonly TaskCompletionSource? _done;

        public Item(LogDelivery owner, EncodedEvent @event, Target target)
            : this(owner) => (Event, Target) = (@event, target);

        public Item(LogDelivery owner, Func<InMemoryAdapter, ValueTask> change)
            : this(owner) => (Change, _done) = (change, new(TaskCreationOptions.RunContinuationsAsynchronously));

        /// <summary>Null: it does not go to the other servers.</summary>
        public LogEntry? Entry { get; set; }

        /// <summary>Which server has sent it; the default where no other server gets it.</summary>
        public EventOrigin Origin { get; init; }

        public long Since { get; init; } = owner.Now;

        public bool IsFollower { get; set; }

        public bool IsDelivered { get; private set; }

        /// <summary>Completes when a change was made.</summary>
        public Task Done => _done?.Task ?? Task.CompletedTask;

        private EncodedEvent Event { get; }

        private Target Target { get; }

        private Func<InMemoryAdapter, ValueTask>? Change { get; }

        public void OnReadBack() => owner.Do(Step.ReadBack, this);

        /// <summary>Delivers it. All of the local adapter's methods complete at once.</summary>
        public void Run(InMemoryAdapter local)
        {
            IsDelivered = true;
            try
            {
                if (Change is { } change) _ = change(local).AsTask();
                else _ = local.BroadcastAsync(Event, Target, Entry is { } entry ? new(entry.Sender, entry.Number) : Origin).AsTask();
                _done?.TrySetResult();
            }
            catch (Exception e) when (_done is not null)
            {
                // It belongs to whoever has asked for the change.
                _done.TrySetException(e);
            }
        }
    }

    private long Now => node.Time.GetTimestamp();
}

namespace SocketIOServer.Retries;

/// <summary>The events with a key that were handled, of all namespaces, within the limits of the options.</summary>
internal sealed partial class RetryStore : IDisposable
{
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromSeconds(30);

    private readonly RetryDeduplicationOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private readonly Lock _gate = new();
    private readonly Dictionary<RetryOwner, OwnerEvents> _owners = [];

    // The handled ones, the oldest first. Those of sockets make room before those of users, because anybody can open many sockets.
    private readonly LinkedList<HandledEvent> _ofSockets = new();
    private readonly LinkedList<HandledEvent> _ofUsers = new();
    private long _bytes;
    private bool _isArmed;

    public RetryStore(RetryDeduplicationOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _period = options.Window / 4 < MaxPeriod ? options.Window / 4 : MaxPeriod;
        _timer = time.CreateTimer(static state => ((RetryStore)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate) return _ofSockets.Count + _ofUsers.Count;
        }
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>An event has come.</summary>
    /// <param name="owner">Whose event it is.</param>
    /// <param name="event">The event.</param>
    /// <param name="isFirst">Whether the caller handles it, and calls <see cref="End"/> afterwards. Otherwise the caller waits for the ack of the one before.</param>
    public HandledEvent Begin(in RetryOwner owner, in RetriedEvent @event, out bool isFirst)
    {
        lock (_gate)
        {
            DropExpired();
            if (!_owners.TryGetValue(owner, out var events)) _owners[owner] = events = new();
            isFirst = !events.All.TryGetValue(@event, out var found);
            if (!isFirst) return found!;
            return events.All[@event] = new(owner, @event);
        }
    }

    /// <summary>The handler of an event has ended.</summary>
    /// <param name="event">What <see cref="Begin"/> returned.</param>
    /// <param name="ack">Null: the event was not handled, and may come again.</param>
    public void End(HandledEvent @event, KeptAck? ack)
    {
        lock (_gate)
        {
            if (ack is null) Forget(@event, _owners[@event.Owner]);
            else Keep(@event, ack);
        }

        @event.Release(ack);
    }

    /// <summary>A socket has left whose client cannot get its session back: nobody can repeat its events.</summary>
    public void Forget(in RetryOwner owner)
    {
        lock (_gate)
        {
            if (!_owners.TryGetValue(owner, out var events)) return;
            // Those that are being handled end by themselves.
            while (events.Handled.First is { } first) Drop(first.Value);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Keep(HandledEvent @event, KeptAck ack)
    {
        var events = _owners[@event.Owner];
        var all = @event.Owner.IsUser ? _ofUsers : _ofSockets;
        @event.SetHandled(ack, _time.GetTimestamp());
        if (@event.Bytes > Math.Min(_options.MaxBytesPerUser, _options.MaxBytes))
        {
            // One that is too large must not drop all others.
            Forget(@event, events);
            return;
        }

        @event.Places = (events.Handled.AddLast(@event), all.AddLast(@event));
        events.Bytes += @event.Bytes;
        Interlocked.Add(ref _bytes, @event.Bytes);
        while (events.Handled.Count > _options.MaxKeysPerUser || events.Bytes > _options.MaxBytesPerUser) Drop(events.Handled.First!.Value);
        while (_ofSockets.Count + _ofUsers.Count > _options.MaxKeys || _bytes > _options.MaxBytes) Drop((_ofSockets.First ?? _ofUsers.First)!.Value);
        Arm();
    }

    private void Drop(HandledEvent @event)
    {
        var events = _owners[@event.Owner];
        events.Handled.Remove(@event.Places.OfOwner);
        (@event.Owner.IsUser ? _ofUsers : _ofSockets).Remove(@event.Places.OfAll);
        events.Bytes -= @event.Bytes;
        Interlocked.Add(ref _bytes, -@event.Bytes);
        Forget(@event, events);
    }

    private void Forget(HandledEvent @event, OwnerEvents events)
    {
        events.All.Remove(@event.Event);
        if (events.All.Count == 0) _owners.Remove(@event.Owner);
    }

    private void DropExpired()
    {
        while (_ofSockets.First is { } first && IsExpired(first.Value)) Drop(first.Value);
        while (_ofUsers.First is { } first && IsExpired(first.Value)) Drop(first.Value);
    }

    private bool IsExpired(HandledEvent @event) => _time.GetElapsedTime(@event.Time) > _options.Window;

    private void Tick()
    {
        lock (_gate)
        {
            _isArmed = false;
            DropExpired();
            if (_ofSockets.Count + _ofUsers.Count > 0) Arm();
        }
    }

    private void Arm()
    {
        if (_isArmed) return;
        _isArmed = true;
        _timer.Change(_period, Timeout.InfiniteTimeSpan);
    }

    private sealed class OwnerEvents
    {
        /// <summary>Those that are being handled, too.</summary>
        public Dictionary<RetriedEvent, HandledEvent> All { get; } = [];

        public LinkedList<HandledEvent> Handled { get; } = new();

        public long Bytes { get; set; }
    }
}

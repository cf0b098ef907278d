namespace SocketIOServer.Adapters;

/// <summary>
/// The latest events of each room of a namespace, or of all namespaces of one OfAny, within the limits of the options. Each room has its own events, so a loud room
/// does not push out those of a quiet one.
/// </summary>
internal sealed class HistoryStore : IDisposable
{
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromSeconds(30);

    private readonly HistoryOptions _options;
    private readonly string[] _prefixes;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;

    // Guards the events. It is the innermost lock: nothing else is called under it.
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Namespace, string? Room), RoomHistory> _rooms = [];

    // The room that has been without an event for the longest time is the first.
    private readonly LinkedList<RoomHistory> _byTime = new();
    private long _position;
    private long _bytes;
    private bool _isArmed;

    public HistoryStore(HistoryOptions options, TimeProvider time)
    {
        options.Validate();
        _options = options;
        _prefixes = [.. options.RoomPrefixes];
        _time = time;
        _period = options.MaxAge / 4 < MaxPeriod ? options.MaxAge / 4 : MaxPeriod;
        _timer = time.CreateTimer(static state => ((HistoryStore)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The position of the last event.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>How many of the latest events to the whole namespace a client gets when it is let in.</summary>
    public int EventsOnConnect => _options.EventsOnConnect;

    public bool Keeps(string room)
    {
        if (_prefixes.Length == 0) return true;
        foreach (var prefix in _prefixes)
        {
            if (room.StartsWith(prefix, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Gives an event its position. <see cref="Add"/> follows for each room of the event.</summary>
    public KeptEvent Create(OutgoingMessage message, OutgoingMessage? logged, int offsetAt, in Target target) =>
        new(message, logged, offsetAt, target, Interlocked.Increment(ref _position), _time.GetTimestamp());

    /// <param name="namespace">The name of the namespace.</param>
    /// <param name="room">The name of the room. Null: the event was for the whole namespace.</param>
    /// <param name="kept">The event.</param>
    public void Add(string @namespace, string? room, in KeptEvent kept)
    {
        lock (_gate)
        {
            if (!_rooms.TryGetValue((@namespace, room), out var history))
            {
                _rooms[(@namespace, room)] = history = new(@namespace, room);
                Count(history.Bytes);
            }
            else
            {
                // A room can be named twice.
                if (kept.Position == history.LastPosition) return;
                _byTime.Remove(history.Node);
            }

            _byTime.AddLast(history.Node);
            var before = history.Bytes;
            history.Add(kept);
            while (history.Events.Count > 0 && (history.Events.Count > _options.Events || history.EventBytes > _options.MaxBytesPerRoom || IsOld(history.Events.Peek().Time)))
                history.DropFirst();
            Count(history.Bytes - before);
            while (_byTime.First is { } first && (Bytes > _options.MaxBytes || IsOld(first.Value.LastTime))) Drop(first.Value);
            if (_isArmed || _rooms.Count == 0) return;
            _isArmed = true;
            _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The events that are kept of a room, the oldest first.</summary>
    /// <param name="namespace">The name of the namespace.</param>
    /// <param name="room">The name of the room. Null: those for the whole namespace.</param>
    public KeptEvent[] EventsOf(string @namespace, string? room)
    {
        lock (_gate) return _rooms.TryGetValue((@namespace, room), out var history) ? [.. history.Events.SkipWhile(kept => IsOld(kept.Time))] : [];
    }

    public void Dispose() => _timer.Dispose();

    private bool IsOld(long time) => _time.GetElapsedTime(time) > _options.MaxAge;

    private void Tick()
    {
        lock (_gate)
        {
            // First, because the clock may throw: whatever is kept next sets the timer again.
            _isArmed = false;
            while (_byTime.First is { } first && IsOld(first.Value.LastTime)) Drop(first.Value);
            _isArmed = _rooms.Count > 0;
            if (_isArmed) _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Drop(RoomHistory history)
    {
        _rooms.Remove(history.Key);
        _byTime.Remove(history.Node);
        Count(-history.Bytes);
    }

    private void Count(long bytes) => Interlocked.Add(ref _bytes, bytes);
}

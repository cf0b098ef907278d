namespace SocketIOServer.Inboxes;

/// <summary>Inboxes in the memory of the process. They end with it.</summary>
internal sealed class InMemoryInboxStore : IInboxStore, IDisposable
{
    // The memory of a message beside its content.
    private const int Overhead = 120;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly long _maxTotalBytes;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Inbox> _inboxes = new(StringComparer.Ordinal);
    private long _latest;
    private long _count;
    private long _bytes;
    private long _expired;
    private bool _isArmed;

    public InMemoryInboxStore(long maxTotalBytes, TimeProvider time)
    {
        (_maxTotalBytes, _time) = (maxTotalBytes, time);
        _timer = time.CreateTimer(static state => ((InMemoryInboxStore)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Count => Interlocked.Read(ref _count);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Expired => Interlocked.Read(ref _expired);

    public ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default)
    {
        var size = content.Length + Overhead;
        lock (_gate)
        {
            var isNew = !_inboxes.TryGetValue(inbox, out var messages);
            if (isNew) messages = new();
            DropExpired(inbox, messages!);
            if (messages!.All.Count >= limits.MaxMessages || messages.Bytes + content.Length > limits.MaxBytes || _bytes + size > _maxTotalBytes) return new(false);
            _inboxes[inbox] = messages;
            messages.All.Add(++_latest, new(content, _time.GetTimestamp(), limits.MaxAge));
            messages.Bytes += content.Length;
            Add(size, 1);
            Arm();
        }

        return new(true);
    }

    public ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default)
    {
        lock (_gate)
        {
            if (!_inboxes.TryGetValue(inbox, out var messages)) return new([]);
            DropExpired(inbox, messages);
            var found = new List<InboxMessage>();
            for (var i = messages.IndexAfter(after); i < messages.All.Count && found.Count < count; i++)
                found.Add(new(messages.All.GetKeyAtIndex(i), messages.All.GetValueAtIndex(i).Content));
            return new(found);
        }
    }

    public ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default)
    {
        lock (_gate) return new(_inboxes.TryGetValue(inbox, out var messages) && Remove(inbox, messages, id));
    }

    public void Dispose() => _timer.Dispose();

    private bool Remove(string inbox, Inbox messages, long id)
    {
        if (!messages.All.TryGetValue(id, out var message)) return false;
        messages.All.Remove(id);
        messages.Bytes -= message.Content.Length;
        Add(-message.Content.Length - Overhead, -1);
        if (messages.All.Count == 0) _inboxes.Remove(inbox);
        return true;
    }

    private void Add(long bytes, int messages)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _count, messages);
    }

    private void DropExpired(string inbox, Inbox messages)
    {
        while (messages.All.Count > 0 && messages.All.GetValueAtIndex(0) is var first && _time.GetElapsedTime(first.Time) > first.MaxAge)
        {
            Remove(inbox, messages, messages.All.GetKeyAtIndex(0));
            Interlocked.Increment(ref _expired);
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _isArmed = false;
            foreach (var (inbox, messages) in _inboxes.ToArray()) DropExpired(inbox, messages);
            if (_inboxes.Count > 0) Arm();
        }
    }

    private void Arm()
    {
        if (_isArmed) return;
        _isArmed = true;
        _timer.Change(Period, Timeout.InfiniteTimeSpan);
    }

    private sealed class Inbox
    {
        /// <summary>By their numbers.</summary>
        public SortedList<long, Message> All { get; } = [];

        public long Bytes { get; set; }

        /// <summary>The index of the first message whose number is greater.</summary>
        public int IndexAfter(long id)
        {
            var (low, high) = (0, All.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (All.GetKeyAtIndex(middle) <= id) low = middle + 1;
                else high = middle;
            }

            return low;
        }
    }

    private readonly record struct Message(ReadOnlyMemory<byte> Content, long Time, TimeSpan MaxAge);
}

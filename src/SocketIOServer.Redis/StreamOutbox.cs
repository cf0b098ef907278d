using SocketIOServer.Cluster;

namespace SocketIOServer.Redis;

/// <summary>
/// What was appended and not read back yet, a queue for each stream. An entry leaves it when it was read back; after an outage those that were sent and did not
/// come back are sent again. What does not fit is refused, so the oldest entries survive.
/// </summary>
internal sealed class StreamOutbox
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Pending> _streams;
    private readonly int _maxMessages;
    private readonly long _maxBytes;
    private readonly TimeProvider _time;
    private TaskCompletionSource? _waiting;
    private TaskCompletionSource? _emptied;
    private int _count;
    private long _bytes;

    public StreamOutbox(IReadOnlyList<string> streams, int maxMessages, long maxBytes, TimeProvider time)
    {
        (_maxMessages, _maxBytes, _time) = (maxMessages, maxBytes, time);
        _streams = streams.ToDictionary(static stream => stream, static _ => new Pending(), StringComparer.Ordinal);
    }

    public (int Messages, long Bytes) Size
    {
        get
        {
            lock (_gate) return (_count, _bytes);
        }
    }

    /// <summary>Completes when everything was read back or dropped.</summary>
    public Task EmptyAsync()
    {
        lock (_gate) return _count == 0 ? Task.CompletedTask : (_emptied ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    public bool TryAdd(string stream, LogEntry entry)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_count >= _maxMessages || _bytes + entry.Data.Length > _maxBytes) return false;
            _streams[stream].Unsent.Enqueue((entry, _time.GetTimestamp()));
            _count++;
            _bytes += entry.Data.Length;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
        return true;
    }

    /// <summary>Waits for entries that were not sent and moves at most <paramref name="max"/> of them into a list, stream by stream. They count as sent.</summary>
    public async Task TakeAsync(List<(string Stream, LogEntry Entry)> into, int max, CancellationToken cancel)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_gate)
            {
                foreach (var (stream, pending) in _streams)
                {
                    while (into.Count < max && pending.Unsent.TryDequeue(out var next))
                    {
                        pending.Sent.Enqueue(next);
                        into.Add((stream, next.Entry));
                    }
                }

                if (into.Count > 0) return;
                waiting = _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await waiting.Task.WaitAsync(cancel);
        }
    }

    /// <summary>An entry was read from a stream. Returns the same entry as it was appended, or null if it is not one that was waited for.</summary>
    public LogEntry? Confirm(string stream, LogEntry read)
    {
        TaskCompletionSource? waiting = null, emptied = null;
        LogEntry? own = null;
        lock (_gate)
        {
            var pending = _streams[stream];
            if (!pending.Sent.TryPeek(out var oldest) || oldest.Entry.Sender != read.Sender) return null;
            if (!IsSame(oldest.Entry, read) && !pending.Sent.Any(sent => IsSame(sent.Entry, read))) return null;
            while (own is null)
            {
                var sent = pending.Sent.Dequeue();
                if (IsSame(sent.Entry, read))
                {
                    own = sent.Entry;
                    _count--;
                    _bytes -= own.Data.Length;
                }
                else
                {
                    // Redis answers in order, so it has refused this one.
                    pending.Unsent.Enqueue(sent);
                    (waiting, _waiting) = (_waiting, null);
                }
            }

            if (_count == 0) (emptied, _emptied) = (_emptied, null);
        }

        waiting?.TrySetResult();
        emptied?.TrySetResult();
        return own;
    }

    /// <summary>The connection has ended, and everything that was written on it has been read: what is left has to be sent again.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            foreach (var (_, pending) in _streams)
            {
                foreach (var unsent in pending.Unsent) pending.Sent.Enqueue(unsent);
                (pending.Sent, pending.Unsent) = (pending.Unsent, pending.Sent);
                pending.Sent.Clear();
            }
        }
    }

    /// <summary>Drops entries that have waited for longer than this.</summary>
    /// <returns>The entries that were dropped.</returns>
    public List<LogEntry> Drop(TimeSpan age)
    {
        List<LogEntry> dropped = [];
        TaskCompletionSource? emptied = null;
        lock (_gate)
        {
            foreach (var (_, pending) in _streams)
            {
                Drop(pending.Sent, age, dropped);
                Drop(pending.Unsent, age, dropped);
            }

            _count -= dropped.Count;
            if (_count == 0) (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
        return dropped;
    }

    private void Drop(Queue<(LogEntry Entry, long Since)> queue, TimeSpan age, List<LogEntry> dropped)
    {
        while (queue.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.Since) >= age)
        {
            queue.Dequeue();
            _bytes -= oldest.Entry.Data.Length;
            dropped.Add(oldest.Entry);
        }
    }

    private static bool IsSame(LogEntry appended, LogEntry read) =>
        appended.Number == read.Number && appended.Namespace == read.Namespace && appended.Sender == read.Sender;

    private sealed class Pending
    {
        public Queue<(LogEntry Entry, long Since)> Sent { get; set; } = new();

        public Queue<(LogEntry Entry, long Since)> Unsent { get; set; } = new();
    }
}

namespace SocketIOServer.Cluster;

/// <summary>What a bus has still to publish: a bounded queue with one reader. What does not fit is refused, so the oldest messages survive.</summary>
internal sealed class BusOutbox(int maxMessages, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<BusMessage> _queue = new();
    private BusMessage? _urgent;
    private TaskCompletionSource? _waiting;
    private long _bytes;

    public (int Messages, long Bytes) Size
    {
        get
        {
            lock (_gate) return (_queue.Count, _bytes);
        }
    }

    public bool TryAdd(in BusMessage message)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_queue.Count >= maxMessages || _bytes + message.Body.Length > maxBytes) return false;
            _queue.Enqueue(message);
            _bytes += message.Body.Length;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
        return true;
    }

    /// <summary>Puts a message before all others, in the place of an earlier one that still waits there: the probe must not wait behind a full queue.</summary>
    public void AddFirst(in BusMessage message)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _urgent = message;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Waits for messages and moves as many as there are, at most <paramref name="max"/>, into a list.</summary>
    public async Task TakeAsync(List<BusMessage> into, int max, CancellationToken cancel)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_gate)
            {
                if (_urgent is { } urgent)
                {
                    into.Add(urgent);
                    _urgent = null;
                }

                while (into.Count < max && _queue.TryDequeue(out var message))
                {
                    into.Add(message);
                    _bytes -= message.Body.Length;
                }

                if (into.Count > 0) return;
                waiting = _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await waiting.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Drops everything.</summary>
    /// <returns>How many messages were dropped.</returns>
    public int Clear()
    {
        lock (_gate)
        {
            var count = _queue.Count;
            _queue.Clear();
            _urgent = null;
            _bytes = 0;
            return count;
        }
    }
}

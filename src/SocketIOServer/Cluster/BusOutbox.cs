namespace SocketIOServer.Cluster;

/// <summary>What a bus has still to publish: a bounded queue with one reader. What does not fit is refused, so the oldest messages survive.</summary>
internal sealed class BusOutbox(int maxMessages, long maxBytes)
{
    /// <summary>What a message costs beside its own bytes: the place in the queue, the headers of the objects, and a channel's name of usual length. Measured.</summary>
    public const int Overhead = 192;

    private readonly Lock _gate = new();
    private readonly Queue<BusMessage> _queue = new();
    private BusMessage? _urgent;
    private TaskCompletionSource? _waiting;
    private long _bytes;
    private TaskCompletionSource? _sent;
    private bool _isHeld;
    private bool _isSending;

    public (int Messages, long Bytes) Size
    {
        get
        {
            lock (_gate) return (_queue.Count, _bytes);
        }
    }

    public bool TryAdd(in BusMessage message)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (_queue.Count >= maxMessages || _bytes + message.Body.Length + Overhead > maxBytes) return false;
            _queue.Enqueue(message);
            _bytes += message.Body.Length + Overhead;
            if (!_isHeld) (waiting, _waiting) = (_waiting, null);
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

    /// <summary>Gives nothing to the reader but the urgent message.</summary>
    public void Hold()
    {
        lock (_gate) _isHeld = true;
    }

    /// <summary>Gives everything to the reader again.</summary>
    public void Release()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (!_isHeld) return;
            _isHeld = false;
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Waits for messages and moves those that are there into a list: at most <paramref name="max"/>, and after the first no more than <paramref name="maxBytes"/> in sum.</summary>
    /// <returns>True: the first of them is the urgent one.</returns>
    public async Task<bool> TakeAsync(List<BusMessage> into, int max, long maxBytes, CancellationToken cancel)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_gate)
            {
                long bytes = 0;
                var urgent = _urgent;
                if (urgent is { } first) into.Add(first);
                _urgent = null;
                while (!_isHeld && into.Count < max && _queue.TryPeek(out var message) && (into.Count == 0 || (bytes += message.Body.Length) <= maxBytes))
                {
                    into.Add(_queue.Dequeue());
                    _bytes -= message.Body.Length + Overhead;
                }

                _isSending = into.Count > 0;
                if (_isSending) return urgent is not null;
                waiting = _waiting ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            await waiting.Task.WaitAsync(cancel);
        }
    }

    /// <summary>The reader has sent what it took.</summary>
    public void OnSent()
    {
        TaskCompletionSource? sent = null;
        lock (_gate)
        {
            _isSending = false;
            if (_queue.Count == 0) (sent, _sent) = (_sent, null);
        }

        sent?.TrySetResult();
    }

    /// <summary>Completes when nothing is left to send.</summary>
    public Task SentAsync()
    {
        lock (_gate) return _queue.Count == 0 && !_isSending ? Task.CompletedTask : (_sent ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
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
            _isHeld = false;
            _bytes = 0;
            return count;
        }
    }
}

using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace SocketIOServer.EngineIO;

/// <summary>The outcome of <see cref="Outbox.Add"/>.</summary>
internal enum AddResult
{
    Added,
    Dropped,
    Full,
}

/// <summary>The outcome of <see cref="Outbox.Take"/>.</summary>
internal enum TakeResult
{
    Taken,
    Empty,
    Ended,
}

/// <summary>
/// The messages that a session still has to send. Any thread adds; one transport at a time holds the lease, waits and takes.
/// The queue belongs to the session, so an upgrade moves the lease and nothing else: no packet is lost or reordered.
/// </summary>
internal sealed class Outbox(int maxBytes) : IValueTaskSource<bool>
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _wait;
    private OutgoingMessage?[] _ring = [];
    private int _head;
    private int _count;
    private long _bytes;
    private SemaphoreSlim? _lease;
    private int _wakes;
    private int _drains;
    private PipeScheduler _readerScheduler = PipeScheduler.ThreadPool;
    private bool _isWaiting;
    private bool _result;
    private bool _isCompleted;

    /// <summary>Held by the transport that takes.</summary>
    public SemaphoreSlim Lease => _lease ?? Interlocked.CompareExchange(ref _lease, new(1, 1), null) ?? _lease;

    /// <summary>Bytes queued. What was taken no longer counts: a client may have it, and answer, before its transport knows that it is written.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How often the reader was woken without a message. Read it before the state that <see cref="WakeReader"/> announces.</summary>
    public int WakeCount => Volatile.Read(ref _wakes);

    /// <summary>How often the last queued message was taken.</summary>
    public int DrainCount => Volatile.Read(ref _drains);

    /// <summary>
    /// The transport sends messages as soon as they are queued (WebSocket). False where its wait continues on the thread pool (polling), and before its first wait.
    /// </summary>
    public bool IsSentAtOnce => _readerScheduler != PipeScheduler.ThreadPool;

    /// <summary>The scheduler of the connection itself, such as an epoll loop. Null where the reader continues inline or on the thread pool.</summary>
    public PipeScheduler? ConnectionScheduler => IsSentAtOnce && _readerScheduler != PipeScheduler.Inline ? _readerScheduler : null;

    /// <summary>
    /// Reads the fields that <see cref="Add"/> will need, before a broadcast. Of a thousand sessions little is in a near cache. The processor does such reads
    /// side by side, while the lock in Add keeps them one behind another: a broadcast costs about 5 % less (bench/HISTORY.md).
    /// </summary>
    /// <returns>A value without meaning. Without it, or inlined, nothing would be read.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public long Prefetch() => _bytes + _wait.Version + _ring.Length + (_gate.IsHeldByCurrentThread ? 1 : 0);

    /// <summary>Queues a message. A volatile message is queued only if a transport is waiting with nothing to do.</summary>
    /// <param name="message">May be shared with other sessions.</param>
    /// <param name="isVolatile">See above.</param>
    /// <param name="insteadOfInline">Where a reader that would continue inline, on the calling thread, continues instead.</param>
    public AddResult Add(OutgoingMessage message, bool isVolatile = false, PipeScheduler? insteadOfInline = null)
    {
        bool wake;
        lock (_gate)
        {
            if (_isCompleted || isVolatile && !_isWaiting) return AddResult.Dropped;
            // One message may be larger than the limit, also behind others: it could never be sent otherwise.
            if (message.Size > maxBytes ? _bytes > maxBytes : _bytes + message.Size > maxBytes) return AddResult.Full;
            _bytes += message.Size;
            Enqueue(message);
            wake = _isWaiting;
            _isWaiting = false;
        }

        // A poll continues on the pool in any case: behind it is the application's pipeline.
        if (wake) ResumeReader(true, ReaderScheduler(insteadOfInline ?? PipeScheduler.Inline));
        return AddResult.Added;
    }

    /// <summary>Takes the next message. Ended: everything that was added before <see cref="Complete"/> has been taken, and nothing more will come.</summary>
    public TakeResult Take(out OutgoingMessage message)
    {
        lock (_gate)
        {
            message = null!;
            if (_count == 0) return _isCompleted ? TakeResult.Ended : TakeResult.Empty;
            message = _ring[_head]!;
            _ring[_head] = null;
            _head = (_head + 1) & (_ring.Length - 1);
            _count--;
            _bytes -= message.Size;
            if (_count == 0) OnDrained();
            return TakeResult.Taken;
        }
    }

    /// <summary>
    /// Waits for a message. True: there is something to take. False: the outbox is completed, or the reader was woken since the count was read.
    /// </summary>
    /// <param name="wakeCountSeen">The <see cref="WakeCount"/> that the reader has seen.</param>
    /// <param name="continueOn">Where the reader continues. Inline: on the thread that adds the next message, so it must wait for nothing but the network.</param>
    public ValueTask<bool> WaitAsync(int wakeCountSeen, PipeScheduler continueOn)
    {
        lock (_gate)
        {
            if (_count > 0) return new(true);
            if (_isCompleted || _wakes != wakeCountSeen) return new(false);
            _wait.Reset();
            _isWaiting = true;
            _readerScheduler = continueOn;
            return new(this, _wait.Version);
        }
    }

    /// <summary>Ends the reader's wait without a message, so that it looks at the state of its session.</summary>
    public void WakeReader()
    {
        lock (_gate)
        {
            _wakes++;
            if (!_isWaiting) return;
            _isWaiting = false;
        }

        ResumeReader(false, ReaderScheduler(insteadOfInline: PipeScheduler.ThreadPool));
    }

    /// <summary>Nothing is added from now on. Discard: what is queued is not sent either.</summary>
    public void Complete(bool discard)
    {
        lock (_gate)
        {
            _isCompleted = true;
            if (discard)
            {
                _ring = [];
                _head = _count = 0;
                _bytes = 0;
            }

            if (!_isWaiting) return;
            _isWaiting = false;
        }

        // Not inline: the thread that closes the session must not be the one that sends its last packets.
        ResumeReader(false, ReaderScheduler(insteadOfInline: PipeScheduler.ThreadPool));
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private PipeScheduler ReaderScheduler(PipeScheduler insteadOfInline) => _readerScheduler == PipeScheduler.Inline ? insteadOfInline : _readerScheduler;

    private void OnDrained()
    {
        _drains++;
        // Memory of a queue that was long once is not kept forever.
        if (_ring.Length > 64) _ring = [];
    }

    private void Enqueue(OutgoingMessage message)
    {
        if (_count == _ring.Length)
        {
            var larger = new OutgoingMessage?[Math.Max(4, _ring.Length * 2)];
            for (var i = 0; i < _count; i++) larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
            _ring = larger;
            _head = 0;
        }

        _ring[(_head + _count++) & (_ring.Length - 1)] = message;
    }

    // Outside the gate, because the reader may run here.
    private void ResumeReader(bool hasMessage, PipeScheduler on)
    {
        _result = hasMessage;
        on.Schedule(static state => ((Outbox)state!).SetResult(), this);
    }

    private void SetResult() => _wait.SetResult(_result);
}

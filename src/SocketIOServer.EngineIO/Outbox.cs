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
/// The messages that a session still has to send. Any thread can add messages. The transport that holds the lease waits for them and takes them. The queue
/// belongs to the session, so an upgrade only moves the lease, and no packet is lost or reordered.
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

    /// <summary>The lease, which the transport that takes messages holds.</summary>
    public SemaphoreSlim Lease => _lease ?? Interlocked.CompareExchange(ref _lease, new(1, 1), null) ?? _lease;

    /// <summary>
    /// The number of queued bytes. Messages that were taken do not count: a client might have received and answered one before the transport knows that it is
    /// written.
    /// </summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How often the reader was woken without a message. Read it before the state that <see cref="WakeReader"/> announces.</summary>
    public int WakeCount => Volatile.Read(ref _wakes);

    /// <summary>How often the last queued message was taken.</summary>
    public int DrainCount => Volatile.Read(ref _drains);

    /// <summary>
    /// Whether the transport sends messages as soon as they are queued (WebSocket). False if its wait continues on the thread pool (polling), and before its
    /// first wait.
    /// </summary>
    public bool IsSentAtOnce => _readerScheduler != PipeScheduler.ThreadPool;

    /// <summary>The scheduler of the connection, such as an epoll loop. Null if the reader continues inline or on the thread pool.</summary>
    public PipeScheduler? ConnectionScheduler => IsSentAtOnce && _readerScheduler != PipeScheduler.Inline ? _readerScheduler : null;

    /// <summary>
    /// Reads the fields that <see cref="Add"/> needs, before a broadcast. With a thousand sessions, most of these fields are not in a near cache. The processor
    /// can do these reads in parallel, but not the ones under the lock in Add. A broadcast costs about 5 % less (bench/HISTORY.md).
    /// </summary>
    /// <returns>A value without a meaning. If the method returned nothing or were inlined, the reads would be optimized away.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public long Prefetch() => _bytes + _wait.Version + _ring.Length + (_gate.IsHeldByCurrentThread ? 1 : 0);

    /// <summary>Queues a message. A volatile message is queued only if a transport is waiting with nothing to do.</summary>
    /// <param name="message">The message. Sessions can share it.</param>
    /// <param name="isVolatile">Whether the message is volatile.</param>
    /// <param name="insteadOfInline">The scheduler for a reader that would otherwise continue inline, on the calling thread.</param>
    public AddResult Add(OutgoingMessage message, bool isVolatile = false, PipeScheduler? insteadOfInline = null)
    {
        var result = AddOnly(message, isVolatile, out var wakesReader);
        if (wakesReader) ResumeReader(insteadOfInline);
        return result;
    }

    /// <summary>Queues a message and sends nothing, for a caller that holds a lock.</summary>
    /// <param name="message">The message. Sessions can share it.</param>
    /// <param name="isVolatile">Whether the message is volatile.</param>
    /// <param name="wakesReader">Whether <see cref="ResumeReader(PipeScheduler?)"/> must follow, outside the lock.</param>
    public AddResult AddOnly(OutgoingMessage message, bool isVolatile, out bool wakesReader)
    {
        wakesReader = false;
        lock (_gate)
        {
            if (_isCompleted || isVolatile && !_isWaiting) return AddResult.Dropped;
            // A message that is larger than the limit is queued if the queue is within the limit. Otherwise it could never be sent.
            if (message.Size > maxBytes ? _bytes > maxBytes : _bytes + message.Size > maxBytes) return AddResult.Full;
            _bytes += message.Size;
            Enqueue(message);
            wakesReader = _isWaiting;
            _isWaiting = false;
            return AddResult.Added;
        }
    }

    /// <summary>Sends what <see cref="AddOnly"/> has queued. A poll always continues on the pool, because the application's pipeline continues after it.</summary>
    /// <param name="insteadOfInline">The scheduler for a reader that would otherwise continue inline, on the calling thread.</param>
    public void ResumeReader(PipeScheduler? insteadOfInline) => ResumeReader(true, ReaderScheduler(insteadOfInline ?? PipeScheduler.Inline));

    /// <summary>
    /// Takes the next message. Ended means that all messages that were added before <see cref="Complete"/> have been taken, and no more will come.
    /// </summary>
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
    /// Waits for a message. Returns true if there is one to take, and false if the outbox is completed or the reader was woken since it read the count.
    /// </summary>
    /// <param name="wakeCountSeen">The <see cref="WakeCount"/> that the reader has seen.</param>
    /// <param name="continueOn">
    /// Where the reader continues. Inline means on the thread that adds the next message, so the reader must not wait for anything except the network.
    /// </param>
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

    /// <summary>Ends the reader's wait without a message, so that the reader checks the state of its session.</summary>
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

    /// <summary>Ends the queue: no message is added any more. If discard is true, queued messages are dropped too.</summary>
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

        // Not inline: the thread that closes the session must not send its last packets.
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
        // Memory of a queue that has been long is not kept.
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

    // Called outside the lock, because the reader might run here.
    private void ResumeReader(bool hasMessage, PipeScheduler on)
    {
        _result = hasMessage;
        on.Schedule(static state => ((Outbox)state!).SetResult(), this);
    }

    private void SetResult() => _wait.SetResult(_result);
}

using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO;

/// <summary>What became of a message that was to be queued.</summary>
internal enum AddResult
{
    Added,
    Dropped,
    Full,
}

/// <summary>What there was to take.</summary>
internal enum TakeResult
{
    Taken,
    Empty,
    Ended,
}

/// <summary>
/// What a session has still to send. Any thread adds; one transport at a time holds the lease and takes.
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
    private int _interrupts;
    private PipeScheduler _resumeOn = PipeScheduler.ThreadPool;
    private bool _isWaiting;
    private bool _result;
    private bool _isCompleted;

    /// <summary>Held by the transport that takes.</summary>
    public SemaphoreSlim Lease => _lease ?? Interlocked.CompareExchange(ref _lease, new(1, 1), null) ?? _lease;

    /// <summary>Bytes queued. What was taken no longer counts: a client may have it, and answer, before its transport knows that it is written.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Next to nothing was taken while the server had time to write (<see cref="Receivers"/>); until all is taken.</summary>
    public bool IsSlow { get; set; }

    /// <summary>Counts interruptions; read before looking at the state that an interruption announces.</summary>
    public int Interrupts => Volatile.Read(ref _interrupts);

    // For those that must not run what follows themselves.
    private PipeScheduler Elsewhere => ResumeOn(inline: PipeScheduler.ThreadPool);

    /// <summary>So much waits, and it may be the server that does not write it. What nobody polls waits for the client alone.</summary>
    public bool IsStuck(int bytes) => Bytes >= bytes && !IsSlow && _resumeOn != PipeScheduler.ThreadPool;

    /// <summary>
    /// Before a message goes to many: reads what <see cref="Add"/> will read. Of a thousand sessions little is in a near cache. The processor does
    /// such reads side by side, while the lock in each Add keeps them one behind another: a broadcast costs about 5 % less (docs/performance.md).
    /// </summary>
    /// <returns>Of no use, but without it, or inlined, nothing would be read.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public long Prefetch() => _bytes + _wait.Version + _ring.Length + (_gate.IsHeldByCurrentThread ? 1 : 0);

    /// <summary>Queues a message; a volatile one only if a transport is waiting with nothing to do.</summary>
    /// <param name="message">Shared with others.</param>
    /// <param name="isVolatile">See above.</param>
    /// <param name="turns">Where the one who is woken runs, if it would be here otherwise.</param>
    public AddResult Add(OutgoingMessage message, bool isVolatile = false, PipeScheduler? turns = null)
    {
        bool wake;
        lock (_gate)
        {
            if (_isCompleted || isVolatile && !_isWaiting) return AddResult.Dropped;
            // One message may be larger than the limit, behind others too: it could never be sent otherwise.
            if (message.Size > maxBytes ? _bytes > maxBytes : _bytes + message.Size > maxBytes) return AddResult.Full;
            _bytes += message.Size;
            Enqueue(message);
            wake = _isWaiting;
            _isWaiting = false;
        }

        // A poll stays with the pool: behind it is the program's pipeline.
        if (wake) Wake(true, ResumeOn(inline: turns ?? PipeScheduler.Inline));
        return AddResult.Added;
    }

    /// <summary>What is scheduled there runs behind whoever was woken before.</summary>
    /// <param name="turns">Where those run who would run in place otherwise.</param>
    public PipeScheduler TurnsOf(PipeScheduler turns) => Elsewhere == PipeScheduler.ThreadPool ? turns : _resumeOn;

    /// <summary>Ended: all that was added before <see cref="Complete"/> is taken, and nothing comes any more.</summary>
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
            if (_count == 0) OnEmpty();
            return TakeResult.Taken;
        }
    }

    /// <summary>
    /// True when there is something to take; false when the outbox is completed, or was interrupted since that count was
    /// read. Inline: the one who adds next runs what follows, which must never wait for anything but the network.
    /// </summary>
    public ValueTask<bool> WaitAsync(int interruptsSeen, PipeScheduler resumeOn)
    {
        lock (_gate)
        {
            if (_count > 0) return new(true);
            if (_isCompleted || _interrupts != interruptsSeen) return new(false);
            _wait.Reset();
            _isWaiting = true;
            _resumeOn = resumeOn;
            return new(this, _wait.Version);
        }
    }

    /// <summary>Ends a wait without a message.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            _interrupts++;
            if (!_isWaiting) return;
            _isWaiting = false;
        }

        Wake(false, Elsewhere);
    }

    /// <summary>Nothing is added from now on. Discard: nothing is sent either.</summary>
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

        // The one who closes must not be the one who says goodbye.
        Wake(false, Elsewhere);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    private PipeScheduler ResumeOn(PipeScheduler inline) => _resumeOn == PipeScheduler.Inline ? inline : _resumeOn;

    private void OnEmpty()
    {
        IsSlow = false;
        // A queue that was long once is not kept for ever.
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

    // Outside the gate: what waits may run here.
    private void Wake(bool result, PipeScheduler on)
    {
        _result = result;
        on.Schedule(static state => ((Outbox)state!).Resume(), this);
    }

    private void Resume() => _wait.SetResult(_result);
}

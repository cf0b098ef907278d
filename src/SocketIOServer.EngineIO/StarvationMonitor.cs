namespace SocketIOServer.EngineIO;

/// <summary>
/// Gives the thread pool more threads while blocking handlers occupy all that it has: work is queued there and none is completed. Without it the pool
/// adds one thread each half second, and a hundred blocking handlers would delay all clients for that long (decision 22).
/// </summary>
/// <remarks>It has a thread of its own, which sleeps while no packet comes. On the way of a packet it costs one read of a field.</remarks>
internal sealed class StarvationMonitor
{
    /// <summary>The most threads that are added to those which the pool has by itself.</summary>
    public const int MaxAdded = 1000;

    // Each step adds as many threads as were added before.
    private const int FirstStep = 4;

    // On a busy machine, running threads may complete nothing for a while, so it takes several looks. Blocking handlers come in numbers: once threads have been
    // added, one look is enough.
    private const int LooksUntilAdd = 3;

    // Looks go on for one second after a packet. Added threads are taken back after ten calm seconds, because blocking handlers tend to come again.
    private const int LooksAfterPacket = 50;
    private const int LooksUntilRemove = 500;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // Handlers that are still running may all block later, when no packet comes any more.
    private static readonly TimeSpan BetweenIdleLooks = TimeSpan.FromSeconds(1);

    private readonly IPool _pool;
    private readonly object _gate = new();        // a monitor, because the thread waits on it
    private Thread? _thread;
    private int _sessions;
    private bool _isAwake;
    private bool _hasPacket;
    private long _completed = -1;
    private int _ownThreads;
    private int _setThreads;
    private int _stalledLooks;
    private int _calmLooks;

    public StarvationMonitor(IPool pool) => _pool = pool;

    /// <summary>One for the process, like the thread pool.</summary>
    public static StarvationMonitor Shared { get; } = new(new ProcessPool());

    private bool HasAdded => _setThreads > 0;

    public void OnSessionOpened()
    {
        Interlocked.Increment(ref _sessions);
        if (Volatile.Read(ref _thread) is not null) return;
        lock (_gate)
        {
            if (_thread is not null) return;
            _thread = new(Run) { IsBackground = true, Name = "Socket.IO starvation monitor" };
            _thread.UnsafeStart();
        }
    }

    public void OnSessionClosed() => Interlocked.Decrement(ref _sessions);

    /// <summary>A packet has arrived, and its handler may block.</summary>
    public void OnPacket()
    {
        if (!Volatile.Read(ref _isAwake)) Wake();
    }

    /// <summary>Looks at the pool once. One thread at a time. True: the next look must be soon.</summary>
    public bool Look()
    {
        var isWaiting = _pool.Pending > 0;
        var completed = isWaiting ? _pool.Completed : -1;
        _stalledLooks = isWaiting && completed == _completed ? _stalledLooks + 1 : 0;
        _completed = completed;
        if (_stalledLooks >= (HasAdded ? 1 : LooksUntilAdd))
        {
            AddThreads();
            _stalledLooks = _calmLooks = 0;
            return true;
        }

        if (HasAdded && ++_calmLooks >= LooksUntilRemove) RemoveThreads();
        return isWaiting || HasAdded;
    }

    private void AddThreads()
    {
        var min = _pool.MinThreads;
        // The pool is about to create threads that it may have already.
        if (_pool.Threads < min) return;
        // The first step, or the application has set a number of its own meanwhile.
        if (min != _setThreads) _ownThreads = min;
        var most = Math.Min(_ownThreads + MaxAdded, _pool.MaxThreads);
        var goal = Math.Min(most, _pool.Threads + Math.Max(FirstStep, min - _ownThreads));
        if (goal > min && _pool.TrySetMinThreads(goal)) _setThreads = goal;
    }

    private void RemoveThreads()
    {
        if (_pool.MinThreads == _setThreads) _pool.TrySetMinThreads(_ownThreads);
        _setThreads = _calmLooks = 0;
    }

    private void Wake()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isAwake, true);
            _hasPacket = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        var left = 0;
        while (true)
        {
            if (Look() || left-- > 0)
            {
                Wait(BetweenLooks);
                continue;
            }

            // From here on the next packet wakes this thread.
            Volatile.Write(ref _isAwake, false);
            left = Wait(Volatile.Read(ref _sessions) > 0 ? BetweenIdleLooks : Timeout.InfiniteTimeSpan) ? LooksAfterPacket : 0;
        }
    }

    // True: a packet has arrived.
    private bool Wait(TimeSpan time)
    {
        lock (_gate)
        {
            if (!_hasPacket) Monitor.Wait(_gate, time);
            var hasPacket = _hasPacket;
            _hasPacket = false;
            return hasPacket;
        }
    }

    /// <summary>The part of a thread pool that is needed here.</summary>
    internal interface IPool
    {
        /// <summary>Work items that wait for a thread.</summary>
        long Pending { get; }

        /// <summary>Work items that have been completed since the start of the process.</summary>
        long Completed { get; }

        int Threads { get; }

        int MinThreads { get; }

        int MaxThreads { get; }

        bool TrySetMinThreads(int count);
    }

    private sealed class ProcessPool : IPool
    {
        public long Pending => ThreadPool.PendingWorkItemCount;

        public long Completed => ThreadPool.CompletedWorkItemCount;

        public int Threads => ThreadPool.ThreadCount;

        public int MinThreads
        {
            get
            {
                ThreadPool.GetMinThreads(out var threads, out _);
                return threads;
            }
        }

        public int MaxThreads
        {
            get
            {
                ThreadPool.GetMaxThreads(out var threads, out _);
                return threads;
            }
        }

        public bool TrySetMinThreads(int count)
        {
            ThreadPool.GetMinThreads(out _, out var completion);
            return ThreadPool.SetMinThreads(count, completion);
        }
    }
}

namespace SocketIOServer.EngineIO;

/// <summary>
/// Adds threads to the thread pool while blocking handlers occupy all of its threads, that is, while work is queued and none completes. The pool itself adds
/// only one thread each half second, so a hundred blocking handlers would delay all clients for a long time (decision 22).
/// </summary>
/// <remarks>It has a thread of its own, which sleeps while no packets arrive. For each packet, the cost is one read of a field.</remarks>
internal sealed class StarvationMonitor
{
    /// <summary>The largest number of threads that are added to the pool's own.</summary>
    public const int MaxAdded = 1000;

    // Each step adds as many threads as were added before.
    private const int FirstStep = 4;

    // On a busy machine, running threads might complete nothing for a while, so the first step needs several checks. Blocking handlers usually come in groups,
    // so after threads have been added one check is enough.
    private const int LooksUntilAdd = 3;

    // Checks continue for one second after a packet. Added threads are removed after ten seconds without starvation, because blocking handlers often return.
    private const int LooksAfterPacket = 50;
    private const int LooksUntilRemove = 500;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // Handlers that are still running can block later, when no packets arrive.
    private static readonly TimeSpan BetweenIdleLooks = TimeSpan.FromSeconds(1);

    private readonly IPool _pool;
    private readonly object _gate = new();        // a monitor, because the thread waits for a pulse
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

    /// <summary>Called when a packet has arrived, because its handler might block.</summary>
    public void OnPacket()
    {
        if (!Volatile.Read(ref _isAwake)) Wake();
    }

    /// <summary>Checks the pool once. Called by one thread at a time. Returns true if the next check must be soon.</summary>
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
        // The pool is about to create threads, or has already created them.
        if (_pool.Threads < min) return;
        // The first step, or the application has changed the number in the meantime.
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

            // From here on, the next packet wakes this thread.
            Volatile.Write(ref _isAwake, false);
            left = Wait(Volatile.Read(ref _sessions) > 0 ? BetweenIdleLooks : Timeout.InfiniteTimeSpan) ? LooksAfterPacket : 0;
        }
    }

    // True if a packet has arrived.
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

    /// <summary>The part of the thread pool that the monitor needs.</summary>
    internal interface IPool
    {
        /// <summary>The number of work items that wait for a thread.</summary>
        long Pending { get; }

        /// <summary>The number of work items that have completed since the process started.</summary>
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

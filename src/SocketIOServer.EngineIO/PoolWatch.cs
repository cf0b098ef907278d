namespace SocketIOServer.EngineIO;

/// <summary>
/// Lends the thread pool threads while handlers keep all that it has: work waits there and none is completed. Without it the pool gets one thread
/// more each half second, and a hundred handlers that block would hold up all clients for as long (decision 22).
/// </summary>
/// <remarks>It has a thread of its own, which sleeps while no packet comes. Nothing of it is on the way of a packet but one look at a field.</remarks>
internal sealed class PoolWatch
{
    /// <summary>So many threads at most beyond those that the pool has by itself.</summary>
    public const int MaxLent = 1000;

    // Each time as many more as are lent already.
    private const int FirstLoan = 4;

    // Where the machine is busy, threads that run may complete nothing for a while. Handlers that block come in numbers: where threads are lent
    // already one look is enough.
    private const int LooksUntilLoan = 3;

    // One second, and ten of calm until the threads are asked back: handlers that block come in numbers, and again.
    private const int LooksAfterPacket = 50;
    private const int LooksUntilReturn = 500;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // Handlers that went on waiting may block together later, when no packet comes any more.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly IPool _pool;
    private readonly object _gate = new();        // a monitor, because its thread waits for it
    private Thread? _thread;
    private int _sessions;
    private bool _isTold;
    private bool _isNews;
    private long _completed = -1;
    private int _ownThreads;
    private int _setThreads;
    private int _still;
    private int _calm;

    public PoolWatch(IPool pool) => _pool = pool;

    /// <summary>One for the process, as the pool is.</summary>
    public static PoolWatch Shared { get; } = new(new ProcessPool());

    /// <summary>Threads are lent.</summary>
    private bool IsLent => _setThreads > 0;

    public void OnSessionOpened()
    {
        Interlocked.Increment(ref _sessions);
        if (Volatile.Read(ref _thread) is not null) return;
        lock (_gate)
        {
            if (_thread is not null) return;
            _thread = new(Run) { IsBackground = true, Name = "Socket.IO pool watch" };
            _thread.UnsafeStart();
        }
    }

    public void OnSessionClosed() => Interlocked.Decrement(ref _sessions);

    /// <summary>A packet came: its handler may block.</summary>
    public void OnPacket()
    {
        if (!Volatile.Read(ref _isTold)) Tell();
    }

    /// <summary>One thread at a time. True: it must go on looking soon.</summary>
    public bool Look()
    {
        var isWaiting = _pool.Pending > 0;
        var completed = isWaiting ? _pool.Completed : -1;
        _still = isWaiting && completed == _completed ? _still + 1 : 0;
        _completed = completed;
        if (_still >= (IsLent ? 1 : LooksUntilLoan))
        {
            Lend();
            _still = _calm = 0;
            return true;
        }

        if (IsLent && ++_calm >= LooksUntilReturn) TakeBack();
        return isWaiting || IsLent;
    }

    private void Lend()
    {
        var min = _pool.MinThreads;
        // The pool is just about to make those that it may have already.
        if (_pool.Threads < min) return;
        // The first loan; or the program has set a number of its own meanwhile.
        if (min != _setThreads) _ownThreads = min;
        var most = Math.Min(_ownThreads + MaxLent, _pool.MaxThreads);
        var goal = Math.Min(most, _pool.Threads + Math.Max(FirstLoan, min - _ownThreads));
        if (goal > min && _pool.TrySetMinThreads(goal)) _setThreads = goal;
    }

    private void TakeBack()
    {
        if (_pool.MinThreads == _setThreads) _pool.TrySetMinThreads(_ownThreads);
        _setThreads = _calm = 0;
    }

    private void Tell()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isTold, true);
            _isNews = true;
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

            // From here on the next packet tells of itself; so one a second has to.
            Volatile.Write(ref _isTold, false);
            left = Wait(Volatile.Read(ref _sessions) > 0 ? Rest : Timeout.InfiniteTimeSpan) ? LooksAfterPacket : 0;
        }
    }

    // True: a packet came.
    private bool Wait(TimeSpan time)
    {
        lock (_gate)
        {
            if (!_isNews) Monitor.Wait(_gate, time);
            var isNews = _isNews;
            _isNews = false;
            return isNews;
        }
    }

    /// <summary>What it asks of a pool.</summary>
    internal interface IPool
    {
        /// <summary>Work that waits for a thread.</summary>
        long Pending { get; }

        /// <summary>Work that has been done, ever.</summary>
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

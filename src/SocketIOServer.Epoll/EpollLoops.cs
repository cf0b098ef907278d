namespace SocketIOServer.Epoll;

/// <summary>
/// The loops of a transport. While not all loops sleep, it checks at intervals whether the application blocks a loop's thread, and replaces such a thread. An
/// idle process makes no checks.
/// </summary>
internal sealed class EpollLoops : IDisposable
{
    // The time between checks. If a handler blocks the thread of a loop, the other connections of the loop wait at least this long, and at most twice as long.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly EpollLoop[] _all;
    private readonly ITimer _timer;
    private bool _isLooking;

    /// <param name="count">The number of loops.</param>
    /// <param name="create">Creates the loop with this number. The loop calls the action each time it starts, or continues after it might have slept.</param>
    /// <param name="clock">The clock for the checks.</param>
    public EpollLoops(int count, Func<int, Action, EpollLoop> create, TimeProvider clock)
    {
        _all = new EpollLoop[count];
        _timer = clock.CreateTimer(static state => ((EpollLoops)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            for (var i = 0; i < count; i++) _all[i] = create(i, OnAwake);
        }
    }

    public EpollLoop this[int index] => _all[index];

    public int Count => _all.Length;

    public void Dispose()
    {
        foreach (var loop in _all) loop.Dispose();
        _timer.Dispose();
    }

    private void OnAwake()
    {
        if (Volatile.Read(ref _isLooking)) return;
        lock (_gate)
        {
            if (_isLooking) return;
            _isLooking = true;
            _timer.Change(CheckInterval, CheckInterval);
        }
    }

    private void Look()
    {
        // If the thread pool has no free thread, this is called late, and possibly twice at the same time.
        lock (_gate)
        {
            if (!_isLooking) return;
            foreach (var loop in _all) loop.ReplaceBlockedThread();
            if (!AllSleep()) return;

            // A loop that wakes up first records that and then checks whether the timer is on; here the order is reversed. The barrier is for both sides,
            // because a loop wakes up too often to have a barrier of its own.
            Volatile.Write(ref _isLooking, false);
            Interlocked.MemoryBarrierProcessWide();
            if (AllSleep()) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            else Volatile.Write(ref _isLooking, true);
        }
    }

    private bool AllSleep()
    {
        foreach (var loop in _all)
        {
            if (!loop.IsAsleep) return false;
        }

        return true;
    }
}

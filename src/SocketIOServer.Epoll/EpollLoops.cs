namespace SocketIOServer.Epoll;

/// <summary>
/// A transport's loops. From time to time it looks for a thread that the application blocks, and has it replaced; not while all loops sleep, so that an
/// idle process sleeps too.
/// </summary>
internal sealed class EpollLoops : IDisposable
{
    // Other connections wait this long for a handler that blocks the thread of their loop, and twice as long at most.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly EpollLoop[] _all;
    private readonly ITimer _timer;
    private bool _isLooking;

    /// <param name="count">How many.</param>
    /// <param name="create">Makes the loop of that number, which calls the action each time that it begins, or goes on after it may have slept.</param>
    /// <param name="clock">Tells when to look.</param>
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
        // A pool without a thread to spare calls late, and may call twice at once.
        lock (_gate)
        {
            if (!_isLooking) return;
            foreach (var loop in _all) loop.ReplaceBlockedThread();
            if (!AllSleep()) return;

            // A loop that awakes says so and then looks whether this is on; here it is the other way round, and the barrier is for both: a loop
            // awakes too often to pay for one.
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

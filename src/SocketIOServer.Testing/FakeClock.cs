namespace SocketIOServer.Testing;

/// <summary>
/// A clock that a test controls. The server's heartbeat, its timeouts and all other code that uses a <see cref="TimeProvider"/> follow it. All members can be
/// used from any thread.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    // In real time. Only a test that fails waits so long.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private readonly DateTimeOffset _start;
    private readonly List<Waiter> _waiters = [];
    private long _elapsed;

    /// <summary>Creates a clock that is set to the beginning of the year 2000, UTC.</summary>
    public FakeClock()
        : this(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Creates a clock that is set to the given time.</summary>
    public FakeClock(DateTimeOffset start) => _start = start.ToUniversalTime();

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, so that a test has the same result on every machine.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The number of armed timers. Timers that are left at the end of a test have leaked.</summary>
    internal int ArmedTimers
    {
        get
        {
            lock (_gate) return _timers.Count;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock forward. Timers that become due run on this thread, in order, each at its own time. Timers that they start run too if they become due.
    /// So when the method returns, code that was waiting for a delay on this clock has continued up to its next wait.
    /// </summary>
    /// <param name="by">How far to move the clock: zero or more. Zero runs the timers that are due now.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetTimestamp() + by.Ticks;
        // The server's code must continue here, and not on the context of the test framework.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (TakeDue(end) is { } timer) timer.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        lock (_gate) _elapsed = Math.Max(_elapsed, end);
    }

    /// <summary>
    /// Completes when a timer is armed that becomes due within this time from now, or at once if there is one. Use it for code that runs by itself, such as a
    /// BackgroundService, because a clock that moves before that code waits for it has no effect.
    /// </summary>
    /// <exception cref="TimeoutException">No such timer was armed within 10 seconds of real time.</exception>
    public async Task WaitForTimerAsync(TimeSpan within)
    {
        Waiter waiter;
        lock (_gate)
        {
            waiter = new(_elapsed + within.Ticks, new(TaskCreationOptions.RunContinuationsAsynchronously));
            if (_timers.Exists(timer => timer.Due <= waiter.Until)) return;
            _waiters.Add(waiter);
        }

        await waiter.Source.Task.WaitAsync(MaxWait);
    }

    private Timer? TakeDue(long end)
    {
        lock (_gate)
        {
            var first = _timers.MinBy(timer => timer.Due);
            if (first is null || first.Due > end) return null;
            _timers.Remove(first);
            _elapsed = Math.Max(_elapsed, first.Due);
            first.Rearm();
            first.Begin();
            return first;
        }
    }

    private sealed class Timer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TaskCompletionSource? _running;
        private long _period;
        private bool _isDisposed;

        public long Due { get; private set; }

        // The caller holds the gate.
        public void Begin() => _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run()
        {
            try
            {
                callback(state);
            }
            finally
            {
                _running!.SetResult();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_isDisposed) return false;
                clock._timers.Remove(this);
                _period = period <= TimeSpan.Zero ? 0 : period.Ticks;
                if (dueTime != Timeout.InfiniteTimeSpan) Arm(clock._elapsed + dueTime.Ticks);
                return true;
            }
        }

        // The caller holds the gate.
        public void Rearm()
        {
            if (_period > 0 && !_isDisposed) Arm(Due + _period);
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _isDisposed = true;
                clock._timers.Remove(this);
            }
        }

        // As with the system's timers: after this, no callback runs any more.
        public ValueTask DisposeAsync()
        {
            Dispose();
            lock (clock._gate) return _running is { } running ? new(running.Task) : default;
        }

        private void Arm(long due)
        {
            Due = due;
            clock._timers.Add(this);
            foreach (var waiter in clock._waiters.Where(waiter => due <= waiter.Until)) waiter.Source.TrySetResult();
            clock._waiters.RemoveAll(waiter => due <= waiter.Until);
        }
    }

    private sealed record Waiter(long Until, TaskCompletionSource Source);
}

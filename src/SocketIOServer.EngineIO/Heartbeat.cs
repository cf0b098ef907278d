namespace SocketIOServer.EngineIO;

/// <summary>
/// Detects that a client is gone. Each session has one timer. Deadlines are absolute, so delays of the timer do not add up. Shortly before a deadline the
/// process begins to read what has already arrived (<see cref="PendingReads"/>), because a pong that was not read for want of a free thread does not mean that
/// the client is gone. If the process has then read everything, it closes the session at the deadline, as Node's server does.
/// </summary>
internal abstract class Heartbeat : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _frequency;
    private TaskCompletionSource? _verdict;
    private long _caughtUp;

    protected Heartbeat(EngineSession session, EngineOptions options, TimeProvider time)
    {
        Session = session;
        _time = time;
        _frequency = time.TimestampFrequency;
        Interval = ToTicks(options.PingInterval);
        Timeout = ToTicks(options.PingTimeout);
        _timer = time.CreateTimer(static state => ((Heartbeat)state!).Tick(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the client's time is over. The client is gone only if nothing from it is left to read: <see cref="CloseIfSilentAsync"/>.</summary>
    public abstract bool IsOverdue { get; }

    /// <summary>Whether the process has just read everything that had arrived. What it reads now has arrived now.</summary>
    public bool HasCaughtUp => Volatile.Read(ref _caughtUp) is not 0 and var then && Now - then < _frequency / 16;

    protected EngineSession Session { get; }

    /// <summary>The time between two pings, in ticks of the time provider, like all times in this class.</summary>
    protected long Interval { get; }

    protected long Timeout { get; }

    // 20 ms: a timer can fire that much too early, because the system counts with a coarse clock. The remaining time would round to zero, and the timer would
    // be armed over and over: 1,000 clients created 12,000 timers in one heartbeat.
    protected long Early => _frequency / 50;

    // The process begins to catch up 1/8 s before a deadline, because that takes 100 ms (PendingReads) and the timer is not exact.
    protected long Lead => _frequency / 8;

    protected long Now => _time.GetTimestamp();

    public static Heartbeat Create(EngineSession session, EngineOptions options, TimeProvider time) =>
        session.Protocol.ServerPings ? new ServerPings(session, options, time) : new ClientPings(session, options, time);

    public abstract void Start();

    /// <summary>Called for each complete packet. WebSocket control frames and fragments do not count.</summary>
    public abstract void OnPacket();

    /// <summary>Returns false if this client must not send such a packet.</summary>
    public abstract bool OnPing();

    /// <inheritdoc cref="OnPing"/>
    public abstract bool OnPong();

    /// <summary>Closes the session of an overdue client, unless the process finds a packet from it after it has read everything that has arrived.</summary>
    public Task CloseIfSilentAsync()
    {
        var verdict = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _verdict, verdict, null) is { } running) return running.Task;
        _ = DecideAsync(verdict);
        return verdict.Task;
    }

    public void Dispose() => _timer.Dispose();

    protected abstract void OnTimer();

    /// <summary>
    /// Called when the process has read everything that had arrived. Returns true if the client is gone; otherwise the method arms the timer.
    /// </summary>
    /// <param name="wasLate">The process had no free thread for so long that the client gets its time again.</param>
    protected abstract bool IsDead(bool wasLate);

    /// <summary>Arms the timer for the time when the process begins to catch up, or for the deadline itself if that time has passed.</summary>
    protected void ArmBefore(long ticks) => Arm(ticks > Lead ? ticks - Lead : ticks);

    protected void Arm(long ticks) =>
        _timer.Change(TimeSpan.FromSeconds(Math.Max(Early, ticks) / (double)_frequency), System.Threading.Timeout.InfiniteTimeSpan);

    private void Tick()
    {
        try
        {
            OnTimer();
        }
        catch (Exception e)
        {
            // The application's TimeProvider can throw. On a timer's thread, the exception would end the process.
            Session.Fail(e);
        }
    }

    private async Task DecideAsync(TaskCompletionSource verdict)
    {
        try
        {
            var wasLate = !HasCaughtUp && await Session.WaitForPendingReadsAsync();
            if (!wasLate) Volatile.Write(ref _caughtUp, Now);
            if (IsDead(wasLate)) Session.Close(CloseReason.PingTimeout);
        }
        catch (Exception e)
        {
            // As above.
            Session.Fail(e);
        }
        finally
        {
            Volatile.Write(ref _verdict, null);
            verdict.SetResult();
        }
    }

    private long ToTicks(TimeSpan span) => (long)(span.TotalSeconds * _frequency);
}

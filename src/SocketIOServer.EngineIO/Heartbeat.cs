namespace SocketIOServer.EngineIO;

/// <summary>
/// Finds out that a client is gone. One timer a session; deadlines are absolute, so late timers do not add up. At a deadline the process first
/// reads what has come already (<see cref="PendingReads"/>): a pong that lies unread because no thread was free is not silence.
/// </summary>
internal abstract class Heartbeat : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _frequency;
    private TaskCompletionSource? _verdict;

    protected Heartbeat(EngineSession session, EngineOptions options, TimeProvider time)
    {
        Session = session;
        _time = time;
        _frequency = time.TimestampFrequency;
        Interval = ToTicks(options.PingInterval);
        Timeout = ToTicks(options.PingTimeout);
        _timer = time.CreateTimer(static state => ((Heartbeat)state!).Tick(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>The client's time is over. It is dead only if the process has nothing of it to read: <see cref="CloseIfSilentAsync"/>.</summary>
    public abstract bool IsOverdue { get; }

    protected EngineSession Session { get; }

    /// <summary>In ticks of the time provider, like all times here.</summary>
    protected long Interval { get; }

    protected long Timeout { get; }

    // 20 ms: a timer may come that much before its time, for the system's count by a coarse clock. To arm one for the rest, which rounds to
    // nothing, would be to arm it over and over until then: 1,000 clients made 12,000 timers of a heartbeat.
    protected long Early => _frequency / 50;

    protected long Now => _time.GetTimestamp();

    public static Heartbeat Create(EngineSession session, EngineOptions options, TimeProvider time) =>
        session.Protocol.ServerPings ? new ServerPings(session, options, time) : new ClientPings(session, options, time);

    public abstract void Start();

    /// <summary>A whole packet came; WebSocket control frames and fragments are none.</summary>
    public abstract void OnPacket();

    /// <summary>False: not this client's to send.</summary>
    public abstract bool OnPing();

    /// <inheritdoc cref="OnPing"/>
    public abstract bool OnPong();

    /// <summary>Closes the session of a client that is overdue, unless the process finds a sign of life when it has caught up.</summary>
    public Task CloseIfSilentAsync()
    {
        var verdict = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _verdict, verdict, null) is { } running) return running.Task;
        _ = DecideAsync(verdict);
        return verdict.Task;
    }

    public void Dispose() => _timer.Dispose();

    protected abstract void OnTimer();

    /// <summary>The process has caught up. True: the client is dead. Otherwise the timer is armed.</summary>
    /// <param name="wasLate">It had no thread for so long that the client gets its time again.</param>
    protected abstract bool IsDead(bool wasLate);

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
            // The program's TimeProvider, say: on a timer's thread it would end the process.
            Session.Fail(e);
        }
    }

    private async Task DecideAsync(TaskCompletionSource verdict)
    {
        try
        {
            var wasLate = await Session.WaitForPendingReadsAsync();
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

namespace SocketIOServer.EngineIO;

/// <summary>
/// A timeout for something that a client has to do. When it is due, the process first reads what has already arrived. If the process itself was late, the
/// client gets the whole time again. The action does not run after the timeout is disposed.
/// </summary>
internal sealed class ClientTimeout : IDisposable, IAsyncDisposable
{
    private const int Waiting = 0;
    private const int Expired = 1;
    private const int Disposed = 2;

    private readonly EngineSession _session;
    private readonly TimeSpan _timeout;
    private readonly Action<object> _expire;
    private readonly object _argument;
    private readonly ITimer _timer;
    private TaskCompletionSource? _expiring;
    private int _state;

    /// <param name="session">The session of the client.</param>
    /// <param name="timeout">The client's time.</param>
    /// <param name="expire">Runs once, on any thread, if the time has passed.</param>
    /// <param name="argument">The argument of the action.</param>
    public ClientTimeout(EngineSession session, TimeSpan timeout, Action<object> expire, object argument)
    {
        _session = session;
        _timeout = timeout;
        _expire = expire;
        _argument = argument;
        _timer = session.Time.CreateTimer(static state => _ = ((ClientTimeout)state!).ExpireAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose()
    {
        Interlocked.CompareExchange(ref _state, Disposed, Waiting);
        _timer.Dispose();
    }

    /// <summary>Completes when the action has ended, or at once if it does not run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        if (Interlocked.CompareExchange(ref _state, Disposed, Waiting) == Expired) await _expiring!.Task;
    }

    private void Arm() => _timer.Change(_timeout, Timeout.InfiniteTimeSpan);

    private async Task ExpireAsync()
    {
        try
        {
            // If the timer was disposed in the meantime, arming it does nothing.
            if (await _session.WaitForPendingReadsAsync()) Arm();
            else Expire();
        }
        catch (Exception e)
        {
            // The application's TimeProvider can throw, and no caller observes this task.
            _session.Fail(e);
        }
    }

    private void Expire()
    {
        _expiring = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _state, Expired, Waiting) != Waiting) return;
        try
        {
            _expire(_argument);
        }
        finally
        {
            _expiring.SetResult();
        }
    }
}

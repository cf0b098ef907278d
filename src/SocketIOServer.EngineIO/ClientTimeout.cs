namespace SocketIOServer.EngineIO;

/// <summary>
/// A timeout for something that a client has to do. When it is due, the process first catches up with what has come already; a client that
/// the process was late for gets its time again. Once it is disposed, the action does not run any more.
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

    /// <param name="session">Whose client it is.</param>
    /// <param name="timeout">The client's time.</param>
    /// <param name="expire">Runs once, on any thread, if the time has passed.</param>
    /// <param name="argument">For it.</param>
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

    /// <summary>Completes when the action is over, if it runs.</summary>
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
            // Of a timer that is disposed meanwhile, to arm it does nothing.
            if (await _session.WaitForPendingReadsAsync()) Arm();
            else Expire();
        }
        catch (Exception e)
        {
            // The program's TimeProvider, say: nobody else would hear of it.
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

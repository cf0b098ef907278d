using System.IO.Pipelines;

namespace SocketIOServer.Epoll;

/// <summary>
/// Runs the application on a loop's thread, and detects when the application blocks that thread. As a scheduler, it runs the readers of connections in place,
/// except for a reader that a flush wakes, which runs after the flush. So no connection is in the middle of an operation while the application runs, and
/// another thread can take over the loop with everything that belongs to it.
/// </summary>
/// <remarks>
/// Applications that block one thread often block many. So after a thread was replaced, the application runs on the thread pool for a while. That way the loop
/// waits for one blocking call and not for each of them.
/// </remarks>
/// <param name="onFailed">
/// Called with an exception of the application and the state of its work. Nothing else reports the exception, and the loop continues.
/// </param>
internal sealed class ApplicationRunner(Action<Exception, object?> onFailed) : PipeScheduler
{
    // Ten seconds, because checks are 50 ms apart. If a handler blocks a loop each time, the loop is delayed for 1 % of its time.
    private const int ChecksOnPool = 200;

    [ThreadStatic]
    private static ApplicationRunner? _flushing;

    private (Action<object?> Action, object? State) _woken;
    private long _runs;
    private long _current;      // the number of the current run, 0 for none
    private long _seen;         // _current at the last check
    private int _checksOnPool;  // checks until the application runs on the loop's thread again

    public override void Schedule(Action<object?> action, object? state)
    {
        if (_flushing == this) _woken = (action, state);
        else action(state);
    }

    /// <summary>Called on the loop's thread before a flush. <see cref="TryRunWoken"/> must follow.</summary>
    public ValueTask<FlushResult> FlushAsync(PipeWriter writer)
    {
        _flushing = this;
        try
        {
            return writer.FlushAsync();
        }
        finally
        {
            _flushing = null;
        }
    }

    /// <summary>Runs the reader that the flush woke. Returns false if this thread was replaced in the meantime and no longer has the loop.</summary>
    public bool TryRunWoken()
    {
        var (action, state) = _woken;
        if (action is null) return true;
        _woken = default;
        return TryRun(action, state);
    }

    /// <summary>Runs work of the application on the loop's thread. Returns false if this thread was replaced in the meantime.</summary>
    public bool TryRun(Action<object?> action, object? state)
    {
        if (Volatile.Read(ref _checksOnPool) > 0)
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(
                static work => work.runner.Run(work.action, work.state), (runner: this, action, state), preferLocal: false);
            return true;
        }

        var run = ++_runs;
        Volatile.Write(ref _current, run);
        Run(action, state);
        return Interlocked.CompareExchange(ref _current, 0, run) == run;
    }

    /// <summary>
    /// Called at intervals, by one thread at a time. Returns true, once, if the run that was active at the last call is still active. The thread must then be
    /// replaced.
    /// </summary>
    public bool TryReplaceThread()
    {
        if (_checksOnPool > 0) Volatile.Write(ref _checksOnPool, _checksOnPool - 1);
        var run = Volatile.Read(ref _current);
        if (run == 0 || run != _seen)
        {
            _seen = run;
            return false;
        }

        Volatile.Write(ref _checksOnPool, ChecksOnPool);
        return Interlocked.CompareExchange(ref _current, 0, run) == run;
    }

    private void Run(Action<object?> action, object? state)
    {
        try
        {
            action(state);
        }
        catch (Exception e)
        {
            // The last catch of the loop's thread, and of the pool's thread, for exceptions of the application.
            onFailed(e, state);
        }
    }
}

using System.IO.Pipelines;

namespace SocketIOServer.Epoll;

/// <summary>
/// Runs the application on a loop's thread, and tells when the application blocks that thread. As a scheduler it is where the readers of connections continue: in
/// place, except for the one that a flush wakes, which waits until the flush is over. So no connection is in the middle of anything while
/// the application runs, and another thread can take over the loop with everything that belongs to it.
/// </summary>
/// <remarks>
/// Applications that block one thread often block many. So after a thread was replaced, the application runs on the thread pool for a while: the loop waits
/// for one blocking call and not for each.
/// </remarks>
/// <param name="onFailed">Gets what the application threw, and the state of its work. Nobody else hears of it, and the loop continues.</param>
internal sealed class ApplicationRunner(Action<Exception, object?> onFailed) : PipeScheduler
{
    // Ten seconds, because checks are 50 ms apart. A loop that meets a blocking handler each time is delayed for 1 % of its time.
    private const int ChecksOnPool = 200;

    [ThreadStatic]
    private static ApplicationRunner? _flushing;

    private (Action<object?> Action, object? State) _woken;
    private long _runs;
    private long _current;      // the number of the run that is under way, 0 for none
    private long _seen;         // _current at the last check
    private int _checksOnPool;  // checks until the application runs on the loop's thread again

    public override void Schedule(Action<object?> action, object? state)
    {
        if (_flushing == this) _woken = (action, state);
        else action(state);
    }

    /// <summary>On the loop's thread; <see cref="TryRunWoken"/> must follow.</summary>
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

    /// <summary>Runs what the flush woke. False: this thread was replaced meanwhile, and has nothing to do with the loop any more.</summary>
    public bool TryRunWoken()
    {
        var (action, state) = _woken;
        if (action is null) return true;
        _woken = default;
        return TryRun(action, state);
    }

    /// <summary>Runs work of the application on the loop's thread. False: as above.</summary>
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
    /// Called from time to time, by one thread at a time. True, once: the run that is under way was under way at the last call too, and its thread is
    /// to be replaced.
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
            // The last catch of the loop's thread, and of the pool's, for whatever the application let through.
            onFailed(e, state);
        }
    }
}

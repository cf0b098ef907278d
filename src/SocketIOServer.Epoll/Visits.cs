using System.IO.Pipelines;

namespace SocketIOServer.Epoll;

/// <summary>
/// Runs the program on the loop's thread, and tells when it keeps that thread. As a scheduler it is where the readers of connections go on:
/// in place, but for the one that a flush wakes, which waits until the flush is over. So nothing of a connection is half done while
/// the program runs, and another thread can take over the loop with all that belongs to it.
/// </summary>
/// <remarks>
/// Programs that keep one thread often keep many. So after a thread was relieved the program runs on the thread pool for a while: the loop waits
/// for one such visit and not for each.
/// </remarks>
/// <param name="onFailed">Told of what the program threw, with the state of its work. Nobody else hears of it, and the loop goes on.</param>
internal sealed class Visits(Action<Exception, object?> onFailed) : PipeScheduler
{
    // Ten seconds, for a look is made each 50 ms. A loop that meets a blocking handler each time is held up for 1 % of its time.
    private const int Caution = 200;

    [ThreadStatic]
    private static Visits? _flushing;

    private (Action<object?> Action, object? State) _woken;
    private long _count;
    private long _current;      // 0 for none
    private long _seen;
    private int _caution;       // looks that are left of it

    public override void Schedule(Action<object?> action, object? state)
    {
        if (_flushing == this) _woken = (action, state);
        else action(state);
    }

    /// <summary>On the loop's thread, and <see cref="TryRunWoken"/> must follow.</summary>
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

    /// <summary>Runs what the flush woke. False: this thread was relieved meanwhile, and has nothing to do with the loop any more.</summary>
    public bool TryRunWoken()
    {
        var (action, state) = _woken;
        if (action is null) return true;
        _woken = default;
        return TryRun(action, state);
    }

    /// <summary>On the loop's thread. False: as above.</summary>
    public bool TryRun(Action<object?> action, object? state)
    {
        if (Volatile.Read(ref _caution) > 0)
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(
                static visit => visit.visits.Run(visit.action, visit.state), (visits: this, action, state), preferLocal: false);
            return true;
        }

        var visit = ++_count;
        Volatile.Write(ref _current, visit);
        Run(action, state);
        return Interlocked.CompareExchange(ref _current, 0, visit) == visit;
    }

    /// <summary>
    /// Called from time to time, by one thread at a time. True, once: the visit that is under way was so at the last call too, and its thread is
    /// relieved.
    /// </summary>
    public bool TryRelieve()
    {
        if (_caution > 0) Volatile.Write(ref _caution, _caution - 1);
        var visit = Volatile.Read(ref _current);
        if (visit == 0 || visit != _seen)
        {
            _seen = visit;
            return false;
        }

        Volatile.Write(ref _caution, Caution);
        return Interlocked.CompareExchange(ref _current, 0, visit) == visit;
    }

    private void Run(Action<object?> action, object? state)
    {
        try
        {
            action(state);
        }
        catch (Exception e)
        {
            // The last catch of the loop's thread, and of the pool's: whatever the program let through.
            onFailed(e, state);
        }
    }
}

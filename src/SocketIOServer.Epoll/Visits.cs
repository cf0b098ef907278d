using System.IO.Pipelines;

namespace SocketIOServer.Epoll;

/// <summary>
/// Runs the program on the loop's thread, and tells when it keeps that thread. As a scheduler it is where the readers of connections go on:
/// in place, but for the one that a flush wakes, which waits until the flush is over. So nothing of a connection is half done while
/// the program runs, and another thread can take over the loop with all that belongs to it.
/// </summary>
internal sealed class Visits : PipeScheduler
{
    [ThreadStatic]
    private static Visits? _flushing;

    private (Action<object?> Action, object? State) _woken;
    private long _count;
    private long _current;      // 0 for none
    private long _seen;

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
        var visit = ++_count;
        Volatile.Write(ref _current, visit);
        action(state);
        return Interlocked.CompareExchange(ref _current, 0, visit) == visit;
    }

    /// <summary>
    /// Called from time to time, by one thread at a time. True, once: the visit that is under way was so at the last call too, and its thread is
    /// relieved.
    /// </summary>
    public bool TryRelieve()
    {
        var visit = Volatile.Read(ref _current);
        if (visit == 0 || visit != _seen)
        {
            _seen = visit;
            return false;
        }

        return Interlocked.CompareExchange(ref _current, 0, visit) == visit;
    }
}

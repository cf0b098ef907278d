using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Where the send loops go on that a broadcast wakes: on the pool, some at a time, each time behind what already waits there. What they wrote
/// is then sent while it is in a near cache, and a loop whose turn comes later writes all that was queued by then (decision 16).
/// </summary>
internal sealed class Turns : PipeScheduler, IThreadPoolWorkItem
{
    // A hundred sessions' memory stays in a near cache; more at once where so many wait that they would need too many turns.
    private const int AtOnce = 64;
    private const int Part = 8;

    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _queue = new();
    private int _isQueued;

    /// <summary>One for the process, as the pool is.</summary>
    public static Turns Shared { get; } = new();

    /// <summary>From any thread. In order; one at a time.</summary>
    public override void Schedule(Action<object?> action, object? state)
    {
        _queue.Enqueue((action, state));
        // The pool's thread says that it has ended and then looks into the queue; here it is the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isQueued) == 0) Begin();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var left = Math.Max(AtOnce, _queue.Count / Part); left > 0 && _queue.TryDequeue(out var work); left--) work.Action(work.State);

        if (_queue.IsEmpty)
        {
            Interlocked.Exchange(ref _isQueued, 0);
            if (!_queue.IsEmpty) Begin();
        }
        else
        {
            System.Threading.ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Begin()
    {
        if (Interlocked.Exchange(ref _isQueued, 1) == 0) System.Threading.ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}

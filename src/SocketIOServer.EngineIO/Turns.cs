using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Where the send loops go on that a broadcast wakes: on the pool, some at a time, each time behind what already waits there. What they wrote
/// is then sent while it is in a near cache, and a loop whose turn comes later writes all that was queued by then (decision 16).
/// </summary>
/// <param name="maxWorkers">
/// Threads that run them at the same time, where so many wait. A session's order is its own: its loop waits for its turn, or runs, but never both.
/// </param>
internal sealed class Turns(int maxWorkers = 1) : PipeScheduler, IThreadPoolWorkItem
{
    // A hundred sessions' memory stays in a near cache; more at once where so many wait that they would need too many turns.
    private const int AtOnce = 64;
    private const int Part = 8;

    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _queue = new();
    private int _workers;

    /// <summary>One for the process, as the pool is. The other half of the processors reads, and runs the program.</summary>
    public static Turns Shared { get; } = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>From any thread. Begun in order; one at a time for each worker.</summary>
    public override void Schedule(Action<object?> action, object? state)
    {
        _queue.Enqueue((action, state));
        // The pool's thread says that it has ended and then looks into the queue; here it is the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _workers) == 0) Begin();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var left = Math.Max(AtOnce, _queue.Count / Part); left > 0 && _queue.TryDequeue(out var work); left--) work.Action(work.State);

        if (_queue.IsEmpty)
        {
            Interlocked.Decrement(ref _workers);
            if (!_queue.IsEmpty) Begin();
            return;
        }

        // More are left than this one will run in its next turn.
        if (_queue.Count > AtOnce) Begin();
        Queue();
    }

    private void Begin()
    {
        for (var workers = Volatile.Read(ref _workers); workers < maxWorkers;)
        {
            var found = Interlocked.CompareExchange(ref _workers, workers + 1, workers);
            if (found == workers)
            {
                Queue();
                return;
            }

            workers = found;
        }
    }

    private void Queue() => System.Threading.ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}

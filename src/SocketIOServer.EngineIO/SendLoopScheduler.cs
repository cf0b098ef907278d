using System.Collections.Concurrent;
using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Runs the send loops that a broadcast wakes: on the thread pool, in portions, each portion behind the work that already waits there. What a portion
/// wrote is sent while it is still in a near cache, and a loop that runs later writes everything that was queued by then (decision 16).
/// </summary>
/// <param name="maxWorkers">
/// The most threads that run loops at the same time. The order within a session is kept: its loop is either queued here or running, never both.
/// </param>
internal sealed class SendLoopScheduler(int maxWorkers = 1) : PipeScheduler, IThreadPoolWorkItem
{
    // The memory of a hundred sessions stays in a near cache. Where very many loops wait, a portion is larger, or there would be too many portions.
    private const int MinPortion = 64;
    private const int PortionsOfQueue = 8;

    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _queue = new();
    private int _workers;

    /// <summary>One for the process, like the thread pool. The other half of the processors reads, and runs the application.</summary>
    public static SendLoopScheduler Shared { get; } = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>From any thread. Work begins in order; each worker runs one piece at a time.</summary>
    public override void Schedule(Action<object?> action, object? state)
    {
        _queue.Enqueue((action, state));
        // A worker first says that it has ended and then looks into the queue; here the order is the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _workers) == 0) TryAddWorker();
    }

    void IThreadPoolWorkItem.Execute()
    {
        for (var left = Math.Max(MinPortion, _queue.Count / PortionsOfQueue); left > 0 && _queue.TryDequeue(out var work); left--) work.Action(work.State);

        if (_queue.IsEmpty)
        {
            Interlocked.Decrement(ref _workers);
            if (!_queue.IsEmpty) TryAddWorker();
            return;
        }

        // More is left than the next portion of this worker.
        if (_queue.Count > MinPortion) TryAddWorker();
        QueueWorker();
    }

    private void TryAddWorker()
    {
        for (var workers = Volatile.Read(ref _workers); workers < maxWorkers;)
        {
            var found = Interlocked.CompareExchange(ref _workers, workers + 1, workers);
            if (found == workers)
            {
                QueueWorker();
                return;
            }

            workers = found;
        }
    }

    private void QueueWorker() => System.Threading.ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}

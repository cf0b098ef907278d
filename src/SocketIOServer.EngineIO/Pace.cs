using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Keeps those who say much to many from outrunning the server: a message that comes while too much is still to be written waits for its
/// turn. Without it a few clients that send faster than their broadcasts go out would fill everybody's queue, and clients that read
/// all they get would be closed as slow (CONTRACT, a slow client). It waits for the server's own work; a client that does not read holds the
/// others up once, for 20 ms (<see cref="EngineIO.Receivers"/>).
/// </summary>
/// <param name="clock">What it waits for are threads, which no test's clock moves: the system's.</param>
internal sealed class Pace(TimeProvider clock)
{
    // Of the MaxQueuedBytes (1 MiB) of a client that reads, so little may wait for the server itself.
    private const int Window = 32 * 1024;

    // To be written takes a turn of the send loop, one of its connection, and where that was full the two once more.
    private const int TurnsToWrite = 4;

    // For a handler that keeps its thread.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _waiters = [];
    private bool _isReleasing;
    private long _added;
    private long _written;
    private int _latest;

    /// <summary>Of the latest broadcast.</summary>
    public Receivers Receivers { get; } = new(clock);

    /// <summary>Who comes now has to wait: too much is unwritten, or others wait already.</summary>
    public bool IsBehind => IsFull || Volatile.Read(ref _isReleasing);

    private bool IsFull => Volatile.Read(ref _added) - Volatile.Read(ref _written) >= Window;

    /// <summary>So many bytes were queued for each of many. True: <see cref="Receivers"/> are to be noted.</summary>
    public bool Add(int bytes)
    {
        Volatile.Write(ref _latest, bytes);
        return Interlocked.Add(ref _added, bytes) - Volatile.Read(ref _written) >= Window;
    }

    /// <summary>Completes, on the pool, when what was queued is written, for some at once: who came first goes first.</summary>
    /// <param name="bytes">Of the message that waits.</param>
    /// <param name="turns">Where the send loops run.</param>
    /// <returns>Where to tell that the message has been handled, as far as it went without waiting. Null: nobody waits for that.</returns>
    public Task<Batch?> WaitAsync(int bytes, PipeScheduler turns)
    {
        var waiter = new Waiter(bytes);
        lock (_gate)
        {
            if (!IsBehind) return Task.FromResult<Batch?>(null);
            _waiters.Enqueue(waiter);
            if (_isReleasing) return waiter.Task;
            _isReleasing = true;
        }

        _ = ReleaseAsync(turns);
        return waiter.Task;
    }

    private async Task ReleaseAsync(PipeScheduler turns)
    {
        while (true)
        {
            if (IsFull) await WrittenAsync(turns).ConfigureAwait(false);
            var batch = new Batch();
            if (ReleaseSome(batch)) return;
            // What those broadcast counts for the ones behind them, but for that of a handler that keeps its thread.
            await batch.Handled.WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // As many as will hardly say more than a window: each as much as it brings, or as the latest broadcast. True: all of them.
    private bool ReleaseSome(Batch batch)
    {
        lock (_gate)
        {
            for (var left = Window; left > 0 && _isReleasing;)
            {
                var waiter = _waiters.Dequeue();
                left -= Math.Max(waiter.Bytes, Volatile.Read(ref _latest));
                _isReleasing = _waiters.Count > 0;
                batch.Add();
                waiter.SetResult(batch);
            }

            batch.OnHandled();
            return !_isReleasing;
        }
    }

    private async ValueTask WrittenAsync(PipeScheduler turns)
    {
        var added = Volatile.Read(ref _added);
        for (var i = 0; i < TurnsToWrite; i++) await NextAsync(turns).ConfigureAwait(false);
        await Receivers.WaitAsync().ConfigureAwait(false);
        Volatile.Write(ref _written, added);
    }

    private static Task NextAsync(PipeScheduler turns)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        turns.Schedule(static state => ((TaskCompletionSource)state!).SetResult(), turn);
        return turn.Task;
    }

    /// <summary>Messages that are handled at the same time.</summary>
    internal sealed class Batch
    {
        private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = 1;        // whoever adds

        public Task Handled => _handled.Task;

        public void Add() => Interlocked.Increment(ref _left);

        public void OnHandled()
        {
            if (Interlocked.Decrement(ref _left) == 0) _handled.SetResult();
        }
    }

    private sealed class Waiter(int bytes) : TaskCompletionSource<Batch?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Bytes => bytes;
    }
}

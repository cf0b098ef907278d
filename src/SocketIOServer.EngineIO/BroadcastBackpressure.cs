using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Back-pressure for broadcasts. While too much of earlier broadcasts is still to be written, the server holds back incoming messages. Otherwise a few clients
/// that send faster than their broadcasts can be written would fill the queues of all clients, and clients that read everything would be closed as slow.
/// docs/architecture.md, "Back-pressure of broadcasts", has a drawing.
/// </summary>
/// <remarks>
/// Messages wait only for the server's own work: the send loops and, through <see cref="ReceiverSample"/>, the connections. A client that does not read delays
/// the others once, for 20 ms.
/// </remarks>
/// <param name="clock">The system's clock. These waits are for threads, so a test's clock does not apply.</param>
internal sealed class BroadcastBackpressure(TimeProvider clock)
{
    // A client that reads can have 1 MiB queued (MaxQueuedBytes). This part of it can be due to the server itself.
    private const int Window = 32 * 1024;

    // A queued message is written after the send loop and then its connection have run. Both run once more if the connection's buffer was full.
    private const int PassesToWrite = 4;

    // A handler that blocks its thread delays the next messages for this long at most.
    private static readonly TimeSpan MaxHandlingTime = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Queue<HeldMessage> _held = [];
    private readonly ReceiverSample _receivers = new(clock);
    private bool _isReleasing;
    private long _queued;
    private long _written;
    private int _latestBroadcast;

    /// <summary>Whether a message that arrives now is held back, because too much is still to be written or because earlier messages are held back.</summary>
    public bool IsHolding => IsFull || Volatile.Read(ref _isReleasing);

    private bool IsFull => Volatile.Read(ref _queued) - Volatile.Read(ref _written) >= Window;

    /// <summary>Called by an adapter for each broadcast, before it queues the message for the receivers. Never waits. Can be called from any thread.</summary>
    /// <param name="bytes">The size of the message.</param>
    /// <param name="receivers">The receivers, in whatever form the adapter has them.</param>
    /// <param name="count">The number of receivers.</param>
    /// <param name="outboxAt">Gets the outbox of one receiver.</param>
    public void OnBroadcast<T>(int bytes, T receivers, int count, Func<T, int, Outbox> outboxAt)
    {
        Volatile.Write(ref _latestBroadcast, bytes);
        var isFull = Interlocked.Add(ref _queued, bytes) - Volatile.Read(ref _written) >= Window;
        if (isFull) _receivers.Take(receivers, count, outboxAt);
    }

    /// <summary>
    /// Returns true for a receiver that did not read while the server had time to write. The server does not wait for it until it has taken everything.
    /// </summary>
    public bool IsKnownSlow(Outbox receiver) => _receivers.IsKnownSlow(receiver);

    /// <summary>Holds a message back. Completes on the pool, in the order of arrival, when everything that is queued now has been written.</summary>
    /// <param name="bytes">The size of the message.</param>
    /// <param name="sendLoops">The scheduler on which the send loops run.</param>
    /// <returns>
    /// The messages that are released together. The caller reports when this message has been handled up to its first wait. Null if the message does not have
    /// to wait.
    /// </returns>
    public Task<ReleasedMessages?> HoldAsync(int bytes, PipeScheduler sendLoops)
    {
        var message = new HeldMessage(bytes);
        lock (_gate)
        {
            if (!IsHolding) return Task.FromResult<ReleasedMessages?>(null);
            _held.Enqueue(message);
            if (_isReleasing) return message.Task;
            _isReleasing = true;
        }

        _ = ReleaseAllAsync(sendLoops);
        return message.Task;
    }

    private async Task ReleaseAllAsync(PipeScheduler sendLoops)
    {
        while (true)
        {
            if (IsFull) await WaitUntilWrittenAsync(sendLoops).ConfigureAwait(false);
            var released = new ReleasedMessages();
            if (ReleaseSome(released)) return;
            // The broadcasts of these messages count for the messages behind them.
            await released.Handled.WaitAsync(MaxHandlingTime, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Releases as many messages as probably broadcast no more than one window. The estimate for each message is its own size or the size of the latest
    // broadcast. Returns true if no message is held back any more.
    private bool ReleaseSome(ReleasedMessages released)
    {
        lock (_gate)
        {
            for (var left = Window; left > 0 && _isReleasing;)
            {
                var message = _held.Dequeue();
                left -= Math.Max(message.Bytes, Volatile.Read(ref _latestBroadcast));
                _isReleasing = _held.Count > 0;
                released.Add();
                message.SetResult(released);
            }

            released.OnHandled();
            return !_isReleasing;
        }
    }

    private async ValueTask WaitUntilWrittenAsync(PipeScheduler sendLoops)
    {
        var queued = Volatile.Read(ref _queued);
        for (var i = 0; i < PassesToWrite; i++) await RunBehindQueuedWorkAsync(sendLoops).ConfigureAwait(false);
        await _receivers.WaitUntilTakenAsync().ConfigureAwait(false);
        Volatile.Write(ref _written, queued);
    }

    private static Task RunBehindQueuedWorkAsync(PipeScheduler scheduler)
    {
        var pass = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scheduler.Schedule(static state => ((TaskCompletionSource)state!).SetResult(), pass);
        return pass.Task;
    }

    /// <summary>Messages that are released, and therefore handled, at the same time.</summary>
    internal sealed class ReleasedMessages
    {
        private readonly TaskCompletionSource _handled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The initial 1 is for ReleaseSome, so that the count cannot reach zero while messages are added.
        private int _left = 1;

        /// <summary>Completes when all of them have been handled.</summary>
        public Task Handled => _handled.Task;

        public void Add() => Interlocked.Increment(ref _left);

        /// <summary>Called when one of them has been handled.</summary>
        public void OnHandled()
        {
            if (Interlocked.Decrement(ref _left) == 0) _handled.SetResult();
        }
    }

    private sealed class HeldMessage(int bytes) : TaskCompletionSource<ReleasedMessages?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Bytes => bytes;
    }
}

using System.Runtime.CompilerServices;

namespace SocketIOServer.EngineIO;

/// <summary>
/// A few receivers of the latest broadcast, which stand for all of them. The send loops may have run while a thread of Kestrel's, with everything it has to
/// send, still waits for a processor. The queues of the sample show that.
/// </summary>
/// <param name="clock">As for <see cref="BroadcastBackpressure"/>.</param>
internal sealed class ReceiverSample(TimeProvider clock)
{
    private const int Size = 8;

    // A queue of this length, behind what the connection has already taken, may be the server's fault.
    private const int LongQueue = 32 * 1024;

    // If the queue is the client's fault, waiting for it costs the other clients this long, once.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);

    // The shortest pause. Timers on Windows take 15 ms.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly Outbox?[] _sample = new Outbox?[Size];

    // Receivers that were found to be slow, with their drain count at that time.
    private readonly ConditionalWeakTable<Outbox, StrongBox<int>> _slow = [];

    /// <summary>Any thread. Two threads at the same time leave some receivers of each.</summary>
    /// <inheritdoc cref="BroadcastBackpressure.OnBroadcast" path="/param"/>
    public void Take<T>(T receivers, int count, Func<T, int, Outbox> outboxAt)
    {
        if (count == 0) return;
        // An odd step, because Kestrel gives connections to its threads in turn.
        var step = count / Size | 1;
        for (var i = 0; i < Size; i++) Volatile.Write(ref _sample[i], outboxAt(receivers, i * step % count));
    }

    /// <summary>The receiver did not read while the server had time to write, and has not taken everything since then.</summary>
    public bool IsKnownSlow(Outbox receiver) => _slow.TryGetValue(receiver, out var drains) && drains.Value == receiver.DrainCount;

    /// <summary>Completes when no receiver of the sample has a long queue, or after 20 ms. A receiver that took next to nothing in that time is slow.</summary>
    public async ValueTask WaitUntilTakenAsync()
    {
        if (!Array.Exists(_sample, MayWaitForServer)) return;
        Outbox?[] sample = [.. _sample];
        var before = Array.ConvertAll(sample, static outbox => outbox?.Bytes ?? 0);
        var begin = clock.GetTimestamp();
        do
        {
            await Task.Delay(BetweenLooks, clock).ConfigureAwait(false);
            if (!Array.Exists(sample, MayWaitForServer)) return;
        }
        while (clock.GetElapsedTime(begin) < MaxWait);

        for (var i = 0; i < Size; i++)
        {
            if (sample[i] is not { } receiver) continue;
            var drains = receiver.DrainCount;
            if (MayWaitForServer(receiver) && receiver.Bytes > before[i] - LongQueue / 2) _slow.AddOrUpdate(receiver, new(drains));
        }
    }

    // The queue of a client that polls is not counted: it waits for the client's next request.
    private bool MayWaitForServer(Outbox? receiver) =>
        receiver is { Bytes: >= LongQueue, IsSentAtOnce: true } && !IsKnownSlow(receiver);
}

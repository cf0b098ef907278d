namespace SocketIOServer.EngineIO;

/// <summary>
/// Some of those who got the latest broadcast, who stand for all: turns may pass while a thread of Kestrel's, with all it has to send, waits for
/// a core, and then their queues tell.
/// </summary>
/// <param name="clock">As of <see cref="Pace"/>.</param>
internal sealed class Receivers(TimeProvider clock)
{
    private const int Noted = 8;

    // So much in the queue of one, behind what its connection was given already, may be the server's fault.
    private const int Much = 32 * 1024;

    // Where it is the client's, it costs the others so much, once.
    private const int MaxLooks = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly Outbox?[] _noted = new Outbox?[Noted];

    /// <summary>From any thread; of two at a time some of each.</summary>
    public void Note<T>(ReadOnlySpan<T> receivers, Func<T, Outbox> outbox)
    {
        if (receivers.IsEmpty) return;
        // Odd, for Kestrel gives connections to its threads in turn.
        var step = receivers.Length / Noted | 1;
        for (var i = 0; i < Noted; i++) Volatile.Write(ref _noted[i], outbox(receivers[i * step % receivers.Length]));
    }

    /// <summary>Completes when nobody noted has much before it, or after 20 ms. Who took next to nothing in that time is slow itself.</summary>
    public async ValueTask WaitAsync()
    {
        if (!Array.Exists(_noted, IsStuck)) return;
        Outbox?[] noted = [.. _noted];
        var before = Array.ConvertAll(noted, static outbox => outbox?.Bytes ?? 0);
        for (var looks = 0; looks < MaxLooks; looks++)
        {
            await Task.Delay(BetweenLooks, clock).ConfigureAwait(false);
            if (!Array.Exists(noted, IsStuck)) return;
        }

        for (var i = 0; i < Noted; i++)
        {
            if (IsStuck(noted[i]) && noted[i]!.Bytes > before[i] - Much / 2) noted[i]!.IsSlow = true;
        }
    }

    private static bool IsStuck(Outbox? outbox) => outbox is not null && outbox.IsStuck(Much);
}

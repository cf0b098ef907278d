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
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    // At least: a timer of Windows comes after 15.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly Outbox?[] _noted = new Outbox?[Noted];

    /// <summary>From any thread; of two at a time some of each.</summary>
    public void Note<T>(T receivers, int count, Func<T, int, Outbox> outbox)
    {
        if (count == 0) return;
        // Odd, for Kestrel gives connections to its threads in turn.
        var step = count / Noted | 1;
        for (var i = 0; i < Noted; i++) Volatile.Write(ref _noted[i], outbox(receivers, i * step % count));
    }

    /// <summary>Completes when nobody noted has much before it, or after 20 ms. Who took next to nothing in that time is slow itself.</summary>
    public async ValueTask WaitAsync()
    {
        if (!Array.Exists(_noted, IsStuck)) return;
        Outbox?[] noted = [.. _noted];
        var before = Array.ConvertAll(noted, static outbox => outbox?.Bytes ?? 0);
        var begin = clock.GetTimestamp();
        do
        {
            await Task.Delay(BetweenLooks, clock).ConfigureAwait(false);
            if (!Array.Exists(noted, IsStuck)) return;
        }
        while (clock.GetElapsedTime(begin) < Patience);

        for (var i = 0; i < Noted; i++)
        {
            if (IsStuck(noted[i]) && noted[i]!.Bytes > before[i] - Much / 2) noted[i]!.IsSlow = true;
        }
    }

    private static bool IsStuck(Outbox? outbox) => outbox is not null && outbox.IsStuck(Much);
}

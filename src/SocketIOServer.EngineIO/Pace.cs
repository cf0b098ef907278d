using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Keeps those who say much to many from outrunning the server: a message that comes while too much is still to be written waits for its
/// turn. Without it a few clients that send faster than their broadcasts go out would fill everybody's queue, and clients that read
/// all they get would be closed as slow (CONTRACT, a slow client). It waits for the server's own work, never for a client.
/// </summary>
internal sealed class Pace
{
    // Of the MaxQueuedBytes (1 MiB) of a client that reads, so little may wait for the server itself.
    private const int Window = 32 * 1024;

    // To be written takes a turn of the send loop, one of its connection, and where that was full the two once more.
    private const int TurnsToWrite = 4;

    // Where others add as fast as it is written, everybody's time comes all the same.
    private const int MaxWaits = 4;

    private long _added;
    private long _written;

    public bool IsBehind => Volatile.Read(ref _added) - Volatile.Read(ref _written) >= Window;

    /// <summary>So many bytes were queued for each of many.</summary>
    public void Add(int bytes) => Interlocked.Add(ref _added, bytes);

    /// <summary>Completes, on the pool, when all that was queued had its turn to be written, or after <see cref="MaxWaits"/> times that.</summary>
    /// <param name="turns">Where the send loops run.</param>
    public async ValueTask WaitAsync(PipeScheduler turns)
    {
        for (var waits = 0; waits < MaxWaits && IsBehind; waits++)
        {
            var added = Volatile.Read(ref _added);
            for (var i = 0; i < TurnsToWrite && IsBehind; i++) await NextAsync(turns).ConfigureAwait(false);
            OnWritten(added);
        }
    }

    private static Task NextAsync(PipeScheduler turns)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        turns.Schedule(static state => ((TaskCompletionSource)state!).SetResult(), turn);
        return turn.Task;
    }

    private void OnWritten(long added)
    {
        for (var written = Volatile.Read(ref _written); written < added;)
        {
            var seen = Interlocked.CompareExchange(ref _written, added, written);
            if (seen == written) return;
            written = seen;
        }
    }
}

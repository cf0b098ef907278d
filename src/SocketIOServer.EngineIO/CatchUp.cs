using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Lets the process read and write what it has not come to yet. Each timeout that acts on a client's silence waits for it: packets that lie
/// unread because no thread was free are not silence.
/// </summary>
/// <param name="time">The clients' time.</param>
/// <param name="clock">What it waits for are threads, which no test's clock moves: the system's.</param>
internal sealed class CatchUp(TimeProvider time, TimeProvider clock)
{
    // On its way from the kernel to its session a packet takes fewer than ten turns of the scheduler that reads. An epoll loop takes
    // the events of 256 connections a turn.
    private const int Turns = 32;

    // The thread that hears from the kernel is behind no queue: after a pause of the whole process it may be the last one to run.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A process that has threads takes the pause and a few milliseconds.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Completes on the pool.</summary>
    /// <param name="reads">The scheduler that the session's reads go through.</param>
    /// <returns>Whether the process was late: it had no thread for so long that the client may have lost the time.</returns>
    public async ValueTask<bool> WaitAsync(PipeScheduler reads)
    {
        var (timeBegin, clockBegin) = (time.GetTimestamp(), clock.GetTimestamp());
        await new Hops(reads).Task.ConfigureAwait(false);
        await Task.Delay(Pause, clock).ConfigureAwait(false);
        await new Hops(reads).Task.ConfigureAwait(false);
        // Both, for a clock that a test moves tells of no lateness, nor does it lose any time while the test's machine is busy.
        return time.GetElapsedTime(timeBegin) > MaxDelay && clock.GetElapsedTime(clockBegin) > MaxDelay;
    }

    // Each time behind whatever waits there already.
    private sealed class Hops : TaskCompletionSource
    {
        private readonly PipeScheduler _scheduler;
        private int _left = Turns;

        public Hops(PipeScheduler scheduler)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _scheduler = scheduler;
            Next();
        }

        private void Next() => _scheduler.Schedule(static state => ((Hops)state!).OnTurn(), this);

        private void OnTurn()
        {
            if (--_left == 0) SetResult();
            else Next();
        }
    }
}

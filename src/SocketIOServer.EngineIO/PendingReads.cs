using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Lets the process read everything that has arrived. Every timeout for a client's silence waits for this first, because a packet that was not read for want of
/// a free thread is not silence.
/// </summary>
/// <param name="time">The clock of the timeouts.</param>
/// <param name="clock">The system's clock. These waits are for threads, so a test's clock does not apply.</param>
internal sealed class PendingReads(TimeProvider time, TimeProvider clock)
{
    // A packet is scheduled fewer than ten times between the kernel and its session. An epoll loop handles the events of 256 connections in each round.
    private const int Passes = 32;

    // The thread that gets events from the kernel waits in no queue. After a pause of the whole process, it can be the last thread to run.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A process with free threads needs the pause and a few milliseconds more.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Completes on the thread pool when everything that had arrived has been read.</summary>
    /// <param name="reads">The scheduler of the session's reads.</param>
    /// <returns>True if the process was late: it had no free thread for so long that the client might have lost that time.</returns>
    public async ValueTask<bool> WaitAsync(PipeScheduler reads)
    {
        var (timeBegin, clockBegin) = (time.GetTimestamp(), clock.GetTimestamp());
        await new PassesBehindWork(reads).Task.ConfigureAwait(false);
        await Task.Delay(Pause, clock).ConfigureAwait(false);
        await new PassesBehindWork(reads).Task.ConfigureAwait(false);
        // Both clocks are checked. A clock that a test controls does not show that the process was late, and a busy test machine must not count.
        return time.GetElapsedTime(timeBegin) > MaxDelay && clock.GetElapsedTime(clockBegin) > MaxDelay;
    }

    // Passes through the scheduler several times, each time after the work that already waits there.
    private sealed class PassesBehindWork : TaskCompletionSource
    {
        private readonly PipeScheduler _scheduler;
        private int _left = Passes;

        public PassesBehindWork(PipeScheduler scheduler)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _scheduler = scheduler;
            Next();
        }

        private void Next() => _scheduler.Schedule(static state => ((PassesBehindWork)state!).OnPass(), this);

        private void OnPass()
        {
            if (--_left == 0) SetResult();
            else Next();
        }
    }
}

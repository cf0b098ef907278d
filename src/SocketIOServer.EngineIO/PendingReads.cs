using System.IO.Pipelines;

namespace SocketIOServer.EngineIO;

/// <summary>
/// Lets the process read what has arrived and not been read yet. Every timeout that acts on a client's silence waits for it first, because a packet that
/// lies unread for want of a free thread is not silence.
/// </summary>
/// <param name="time">The clock of the timeouts.</param>
/// <param name="clock">The system's clock; the waits are for threads, which the clock of a test does not move.</param>
internal sealed class PendingReads(TimeProvider time, TimeProvider clock)
{
    // A packet is scheduled fewer than ten times on its way from the kernel to its session. An epoll loop takes the events of 256 connections each time.
    private const int Passes = 32;

    // The thread that hears from the kernel is behind no queue: after a pause of the whole process it may be the last one to run.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A process with free threads needs the pause and a few milliseconds.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Completes on the pool.</summary>
    /// <param name="reads">The scheduler that the session's reads go through.</param>
    /// <returns>Whether the process was late: it had no free thread for so long that the client may have lost the time.</returns>
    public async ValueTask<bool> WaitAsync(PipeScheduler reads)
    {
        var (timeBegin, clockBegin) = (time.GetTimestamp(), clock.GetTimestamp());
        await new PassesBehindWork(reads).Task.ConfigureAwait(false);
        await Task.Delay(Pause, clock).ConfigureAwait(false);
        await new PassesBehindWork(reads).Task.ConfigureAwait(false);
        // Both clocks: one that a test moves does not show lateness, and loses no time while the test's machine is busy.
        return time.GetElapsedTime(timeBegin) > MaxDelay && clock.GetElapsedTime(clockBegin) > MaxDelay;
    }

    // Goes through the scheduler again and again, each time behind the work that already waits there.
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

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Work that is scheduled from any thread runs once, in order, one piece at a time.</summary>
public sealed class SendLoopSchedulerTests
{
    private readonly SendLoopScheduler _scheduler = new();

    // More than one portion.
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5000)]
    public async Task Everything_runs_in_order(int count)
    {
        var ran = new List<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        for (var i = 0; i < count; i++)
        {
            _scheduler.Schedule(
                state =>
                {
                    ran.Add((int)state!);
                    if (ran.Count == count) done.SetResult();
                },
                i);
        }

        await done.Task.Soon();
        Assert.Equal(Enumerable.Range(0, count), ran);
    }

    [Fact]
    public async Task Four_threads_are_served_one_at_a_time_each_in_its_order()
    {
        const int Each = 20_000;
        var next = new int[4];
        var within = 0;
        var faults = 0;
        var left = 4 * Each;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var mine = i;
                _scheduler.Schedule(
                    _ =>
                    {
                        if (Interlocked.Increment(ref within) != 1 || next[thread]++ != mine) faults++;
                        Interlocked.Decrement(ref within);
                        if (--left == 0) done.SetResult();
                    },
                    null);
            }
        })));

        await done.Task.Soon();
        Assert.Equal(0, faults);
    }

    [Fact]
    public async Task Where_many_wait_several_threads_run_them()
    {
        var scheduler = new SendLoopScheduler(maxWorkers: 2);
        // Whichever runs one of these two waits for the thread that runs the other.
        using var meeting = new Barrier(2);
        var met = Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();

        // The first holds its worker until all are queued, or one worker could keep up and be alone when the two come.
        using var all = new ManualResetEventSlim();
        scheduler.Schedule(_ => all.Wait(TestHost.Patience), null);
        for (var i = 0; i < 1000; i++) scheduler.Schedule(_ => { }, null);
        foreach (var one in met) scheduler.Schedule(_ => one.SetResult(meeting.SignalAndWait(TestHost.Patience)), null);
        all.Set();

        Assert.All(await Task.WhenAll(met.Select(one => one.Task)).Soon(), Assert.True);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Several_threads_are_never_more_than_that_and_keep_the_order_of_each_session(int maxWorkers)
    {
        const int Sessions = 300, Rounds = 50;
        var scheduler = new SendLoopScheduler(maxWorkers);
        var (within, most, left) = (0, 0, Sessions);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        for (var i = 0; i < Sessions; i++) scheduler.Schedule(Run, new int[1]);

        await done.Task.Soon();
        Assert.InRange(most, 1, maxWorkers);

        // As a send loop does, a session schedules its next run only when it has had one.
        void Run(object? state)
        {
            var now = Interlocked.Increment(ref within);
            for (var seen = most; now > seen;) seen = Interlocked.CompareExchange(ref most, now, seen) is var found && found == seen ? now : found;
            var rounds = ++((int[])state!)[0];
            Interlocked.Decrement(ref within);
            if (rounds < Rounds) scheduler.Schedule(Run, state);
            else if (Interlocked.Decrement(ref left) == 0) done.SetResult();
        }
    }

    [Fact]
    public async Task What_a_run_schedules_runs_after_it()
    {
        var ran = new List<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _scheduler.Schedule(
            _ =>
            {
                _scheduler.Schedule(
                    _ =>
                    {
                        ran.Add("inner");
                        done.SetResult();
                    },
                    null);
                ran.Add("outer");
            },
            null);

        await done.Task.Soon();
        Assert.Equal(["outer", "inner"], ran);
    }
}

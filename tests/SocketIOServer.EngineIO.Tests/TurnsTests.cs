namespace SocketIOServer.EngineIO.Tests;

/// <summary>What is scheduled from any thread runs once, in order, one at a time.</summary>
public sealed class TurnsTests
{
    private readonly Turns _turns = new();

    // More than one turn has.
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5000)]
    public async Task All_of_it_runs_in_order(int count)
    {
        var ran = new List<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        for (var i = 0; i < count; i++)
        {
            _turns.Schedule(
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
                _turns.Schedule(
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
    public async Task What_a_turn_schedules_runs_after_it()
    {
        var ran = new List<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        _turns.Schedule(
            _ =>
            {
                _turns.Schedule(
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

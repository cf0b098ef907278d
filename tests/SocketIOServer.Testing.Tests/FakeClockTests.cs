namespace SocketIOServer.Testing.Tests;

/// <summary>The clock by itself.</summary>
public sealed class FakeClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeClock _clock = new();
    private readonly List<double> _ran = [];

    [Fact]
    public void Timers_run_in_order_each_at_its_time()
    {
        Set(2 * Second);
        Set(Second);
        Set(3 * Second);

        _clock.Advance(2 * Second);

        Assert.Equal([1, 2], _ran);
        Assert.Equal(2 * Second, _clock.GetElapsedTime(0));
    }

    [Fact]
    public void A_timer_with_a_period_runs_again_until_it_is_disposed()
    {
        var timer = _clock.CreateTimer(_ => Note(), null, Second, 2 * Second);

        _clock.Advance(6 * Second);
        timer.Dispose();
        _clock.Advance(6 * Second);

        Assert.Equal([1, 3, 5], _ran);
    }

    [Fact]
    public async Task A_loop_of_delays_runs_within_one_advance()
    {
        var loop = LoopAsync();

        _clock.Advance(3 * Second);
        await loop.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal([1, 2, 3], _ran);

        async Task LoopAsync()
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Delay(Second, _clock).ConfigureAwait(false);
                Note();
            }
        }
    }

    [Fact]
    public async Task A_wait_for_a_timer_ends_with_one_that_is_near_enough()
    {
        Set(10 * Second);
        var wait = _clock.WaitForTimerAsync(5 * Second);

        Assert.False(wait.IsCompleted);
        Set(5 * Second);

        await wait;
        Assert.True(_clock.WaitForTimerAsync(5 * Second).IsCompletedSuccessfully);
    }

    [Fact]
    public void Time_does_not_go_back() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(-Second));

    private void Set(TimeSpan due) => _clock.CreateTimer(_ => Note(), null, due, Timeout.InfiniteTimeSpan);

    private void Note() => _ran.Add(_clock.GetElapsedTime(0).TotalSeconds);
}

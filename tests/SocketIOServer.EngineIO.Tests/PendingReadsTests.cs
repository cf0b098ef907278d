using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The process gets its chance to read before it takes silence for death.</summary>
public sealed class PendingReadsTests
{
    private const int Passes = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FakeClock _time = new();
    private readonly FakeClock _clock = new();
    private readonly HeldScheduler _reads = new();
    private readonly PendingReads _pending;

    public PendingReadsTests() => _pending = new(_time, _clock);

    [Fact]
    public async Task It_goes_through_the_scheduler_that_reads_before_a_pause_and_after_it()
    {
        var wait = _pending.WaitAsync(_reads).AsTask();

        await _reads.RunAsync(Passes - 1);
        Assert.Equal(0, _clock.ArmedTimers);
        await _reads.RunAsync(1);
        await _clock.WaitForTimerAsync(Pause);
        _clock.Advance(Pause);
        await _reads.RunAsync(Passes - 1);
        Assert.False(wait.IsCompleted);
        await _reads.RunAsync(1);

        Assert.False(await wait.Soon());
    }

    [Theory]
    [InlineData(500, 500, false)]
    [InlineData(501, 501, true)]
    [InlineData(60_000, 101, false)]
    [InlineData(0, 60_000, false)]
    public async Task It_was_late_where_it_took_more_than_half_a_second_by_both_clocks(int time, int clock, bool wasLate)
    {
        var wait = _pending.WaitAsync(_reads).AsTask();
        await _reads.RunAsync(Passes);
        await _clock.WaitForTimerAsync(Pause);
        _time.Advance(TimeSpan.FromMilliseconds(time));
        _clock.Advance(TimeSpan.FromMilliseconds(clock));
        await _reads.RunAsync(Passes);

        Assert.Equal(wasLate, await wait.Soon());
    }
}

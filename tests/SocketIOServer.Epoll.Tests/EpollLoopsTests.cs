using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Testing;

namespace SocketIOServer.Epoll.Tests;

/// <summary>When the loops are looked at.</summary>
public sealed class EpollLoopsTests
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Only_while_one_of_them_is_awake()
    {
        var clock = new FakeClock();
        using var loops = Create(clock);
        Rest(loops, clock);

        var go = new TaskCompletionSource();
        await loops[1].KeepAsync(go);
        Assert.Equal(1, clock.ArmedTimers);
        clock.Advance(BetweenLooks);
        Assert.Equal(1, clock.ArmedTimers);

        go.SetResult();
        Rest(loops, clock);
    }

    [Fact]
    public async Task A_thread_that_is_kept_is_relieved_however_long_all_slept_before()
    {
        var clock = new FakeClock();
        using var loops = Create(clock);
        Rest(loops, clock);

        var go = new TaskCompletionSource();
        var kept = await loops[0].KeepAsync(go);
        clock.Advance(BetweenLooks);
        clock.Advance(BetweenLooks);

        Assert.NotSame(kept, await loops[0].ThreadAsync());
        go.SetResult();
    }

    [Fact]
    public async Task None_that_awakes_while_the_last_sleeper_is_looked_at_is_missed()
    {
        var clock = new FakeClock();
        using var loops = Create(clock);

        for (var i = 0; i < 2_000; i++)
        {
            var go = new TaskCompletionSource();
            var keeping = loops[0].KeepAsync(go);
            clock.Advance(BetweenLooks);
            await keeping;
            Assert.Equal(1, clock.ArmedTimers);
            go.SetResult();
            // Or a look might find the same visit twice, and relieve its thread.
            await loops[0].ThreadAsync();
        }
    }

    private static EpollLoops Create(TimeProvider clock) =>
        new(2, static (number, awake) => new(MemoryPool<byte>.Shared, new(), NullLogger.Instance, $"epoll test {number}", awake), clock);

    // All sleep, and nobody looks any more.
    private static void Rest(EpollLoops loops, FakeClock clock)
    {
        for (var i = 0; i < loops.Count; i++)
        {
            var loop = loops[i];
            // Nothing tells of it: who falls asleep has nothing more to say.
            Assert.True(SpinWait.SpinUntil(() => loop.IsAsleep, TestHost.Patience));
        }

        clock.Advance(BetweenLooks);
        Assert.Equal(0, clock.ArmedTimers);
    }
}

using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;

namespace SocketIOServer.Epoll.Tests;

/// <summary>When the loops are looked at.</summary>
public sealed class EpollLoopsTests
{
    [Fact]
    public async Task Only_while_one_of_them_is_awake()
    {
        var clock = new HandTurned();
        using var loops = Create(clock);
        await SleepAsync(loops);
        clock.Tick();
        Assert.False(clock.Runs);

        var go = new TaskCompletionSource();
        await KeepAsync(loops[1], go);
        Assert.True(clock.Runs);
        clock.Tick();
        Assert.True(clock.Runs);

        go.SetResult();
        await SleepAsync(loops);
        clock.Tick();
        Assert.False(clock.Runs);
    }

    [Fact]
    public async Task A_thread_that_is_kept_is_relieved_however_long_all_slept_before()
    {
        var clock = new HandTurned();
        using var loops = Create(clock);
        await SleepAsync(loops);
        clock.Tick();

        var go = new TaskCompletionSource();
        var kept = await KeepAsync(loops[0], go);
        clock.Tick();
        clock.Tick();

        var other = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        loops[0].Schedule(_ => other.SetResult(Thread.CurrentThread), null);
        Assert.NotSame(kept, await other.Task.Soon());
        go.SetResult();
    }

    [Fact]
    public async Task None_that_awakes_while_the_last_sleeper_is_looked_at_is_missed()
    {
        var clock = new HandTurned();
        using var loops = Create(clock);

        for (var i = 0; i < 2_000; i++)
        {
            var go = new TaskCompletionSource();
            var keeping = KeepAsync(loops[0], go);
            clock.Tick();
            await keeping;
            Assert.True(clock.Runs);
            go.SetResult();
        }
    }

    private static EpollLoops Create(TimeProvider clock) =>
        new(2, static (number, awake) => new(MemoryPool<byte>.Shared, new(), NullLogger.Instance, $"epoll test {number}", awake), clock);

    private static async Task SleepAsync(EpollLoops loops)
    {
        for (var i = 0; i < loops.Count; i++)
        {
            using var patience = new CancellationTokenSource(TestHost.Patience);
            while (!loops[i].IsAsleep) await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>The program's code, which keeps the loop's thread until it may go.</summary>
    private static Task<Thread> KeepAsync(EpollLoop loop, TaskCompletionSource go)
    {
        var kept = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Program!.Schedule(
            _ =>
            {
                kept.SetResult(Thread.CurrentThread);
                go.Task.Wait(TestHost.Patience);
            },
            null);
        return kept.Task.Soon();
    }

    /// <summary>A clock with one timer, which the test lets tick.</summary>
    private sealed class HandTurned : TimeProvider, ITimer
    {
        private Action _callback = static () => { };

        public bool Runs { get; private set; }

        public void Tick() => _callback();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = () => callback(state);
            Change(dueTime, period);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Runs = period != Timeout.InfiniteTimeSpan;
            return true;
        }

        public void Dispose() => Runs = false;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

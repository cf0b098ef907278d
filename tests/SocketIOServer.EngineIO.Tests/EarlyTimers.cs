using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>A clock whose timers come 4 ms before their time, as the system's may; its time itself is exact.</summary>
internal sealed class EarlyTimers(FakeClock time) : TimeProvider
{
    private int _armed;

    /// <summary>How often a timer was told to run.</summary>
    public int Armed => Volatile.Read(ref _armed);

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    /// <summary>Has the host's timers come early.</summary>
    public static EarlyTimers Use(WebApplicationBuilder builder)
    {
        var exact = builder.Services.Last(service => service.ServiceType == typeof(TimeProvider));
        var clock = new EarlyTimers((FakeClock)exact.ImplementationInstance!);
        builder.Services.AddSingleton<TimeProvider>(clock);
        return clock;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(EarlyTimers clock, ITimer timer) : ITimer
    {
        private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(4);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) return timer.Change(dueTime, period);
            Interlocked.Increment(ref clock._armed);
            // Never at once, or a timer that is armed again and again would stop the time of the test.
            return timer.Change(dueTime > Early ? dueTime - Early : TimeSpan.FromTicks(1), period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}

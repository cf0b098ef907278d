using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Testing;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>A clock whose time of day jumps when a test says so; its timestamps and timers go on evenly.</summary>
internal sealed class JumpingClock(FakeClock time) : TimeProvider
{
    private long _jumped;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override long GetTimestamp() => time.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddTicks(Volatile.Read(ref _jumped));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);

    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    /// <summary>Has the host's time of day jump.</summary>
    public static JumpingClock Use(WebApplicationBuilder builder)
    {
        var exact = builder.Services.Last(service => service.ServiceType == typeof(TimeProvider));
        var clock = new JumpingClock((FakeClock)exact.ImplementationInstance!);
        builder.Services.AddSingleton<TimeProvider>(clock);
        return clock;
    }
}

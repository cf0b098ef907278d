using SocketIOServer.Testing;

namespace SocketIOServer.Cluster.Tests.Members;

/// <summary>A clock whose time of day can be set, as an administrator or the network does it. Its timers and timestamps go on as before.</summary>
public sealed class JumpingClock(FakeClock clock) : TimeProvider
{
    public TimeSpan Jump { get; set; }

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Jump;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}

namespace FaultyProgram;

/// <summary>The system's time, when it works.</summary>
internal sealed class FaultyTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        Fault.At("time-now");
        return base.GetUtcNow();
    }

    public override long GetTimestamp()
    {
        Fault.At("time-stamp");
        return base.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Fault.At("time-timer");
        return base.CreateTimer(callback, state, dueTime, period);
    }
}

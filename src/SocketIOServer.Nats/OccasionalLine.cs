namespace SocketIOServer.Nats;

/// <summary>Lets one line into the log in 10 s. Any thread.</summary>
internal sealed class OccasionalLine(TimeProvider time)
{
    private long _next = long.MinValue;

    public bool IsDue()
    {
        var now = time.GetTimestamp();
        var next = Interlocked.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + 10 * time.TimestampFrequency, next) == next;
    }
}

namespace SocketIOServer.Cluster;

/// <summary>Lets one line into the log in 10 s, for what may happen with every event. Any thread.</summary>
internal sealed class OccasionalLine
{
    private const int Seconds = 10;

    private long _next = long.MinValue;

    /// <summary>Whether the line may be written now. The clock may be the program's, and may throw.</summary>
    public bool IsDue(TimeProvider time)
    {
        var now = time.GetTimestamp();
        var next = Interlocked.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + Seconds * time.TimestampFrequency, next) == next;
    }
}

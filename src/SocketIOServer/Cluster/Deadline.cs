namespace SocketIOServer.Cluster;

/// <summary>When the wait for other servers ends. All steps of a question share it, so that they do not take longer together.</summary>
internal readonly struct Deadline(TimeProvider time, TimeSpan timeout)
{
    private readonly long _begin = time.GetTimestamp();

    /// <summary>The time that is left, at least zero. Infinite if there is no limit.</summary>
    public TimeSpan Left
    {
        get
        {
            if (timeout < TimeSpan.Zero) return Timeout.InfiniteTimeSpan;
            var left = timeout - time.GetElapsedTime(_begin);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>The same for the engine of the bus, which is not waited for without a limit.</summary>
    public TimeSpan LeftFor(TimeSpan limit) => timeout < TimeSpan.Zero ? limit : Left;
}

namespace SocketIOServer.Cluster;

/// <summary>How many bytes of answers a server keeps at a time, for all its questions together: other servers decide how much they answer. Any thread.</summary>
internal sealed class AnswerBudget(long max)
{
    private long _taken;

    /// <summary>Bytes that are kept now.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>False: there is no room, and nothing was taken.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= max) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}

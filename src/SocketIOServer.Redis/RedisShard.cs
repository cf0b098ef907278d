using System.Net;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>One master of a Redis Cluster, as this process sees it. Any thread.</summary>
internal sealed class RedisShard(EndPoint endPoint, CancellationTokenSource watching)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _probe;
    private int _waiting;
    private volatile bool _isLost;
    private volatile bool _isSlow;
    private volatile bool _isProven;

    public EndPoint EndPoint => endPoint;

    public string Name { get; } = endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint.ToString()!;

    /// <summary>Ends when the node has no slots any more.</summary>
    public CancellationTokenSource Watching => watching;

    /// <summary>Nothing is published to it: its connection has ended, or its probe did not come back.</summary>
    public bool IsLost { get => _isLost; set => _isLost = value; }

    /// <summary>Its probe has come back, and it was not lost since.</summary>
    public bool IsProven { get => _isProven; set => _isProven = value; }

    /// <summary>It owes answers for too long, so nobody waits for them.</summary>
    public bool IsSlow { get => _isSlow; set => _isSlow = value; }

    /// <summary>Messages that it has not answered yet.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The channel of the probe and its subscription. Only the task that watches uses it.</summary>
    public (string Channel, ChannelMessageQueue Queue)? Subscription { get; set; }

    public void OnSending() => Interlocked.Increment(ref _waiting);

    public void OnAnswered()
    {
        if (Interlocked.Decrement(ref _waiting) == 0) _isSlow = false;
    }

    /// <summary>The next number to publish, and a task that completes when it has come back.</summary>
    public (long Number, Task Back) NextProbe()
    {
        lock (_gate)
        {
            _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return (++_probe, _back.Task);
        }
    }

    public void OnProbe(RedisValue number)
    {
        lock (_gate)
        {
            if (number == _probe) _back.TrySetResult();
        }
    }
}

namespace SocketIOServer;

/// <summary>
/// On a lambda or a method: events of this name do not wait for each other. Up to so many of one socket run at a time, on the thread
/// pool; one more waits, and the socket's later events behind it. Acks go out as handlers end. A handler may still run while
/// OnDisconnected does.
/// </summary>
/// <param name="limit">How many at a time, 2 or more.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConcurrentAttribute(int limit) : Attribute
{
    /// <summary>How many at a time.</summary>
    public int Limit => limit;
}

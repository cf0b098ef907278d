namespace SocketIOServer;

/// <summary>
/// On a lambda or a method: events of this name do not wait for each other. Up to so many of one socket run at a time; one more waits, and
/// the socket's later events behind it. They begin in order: what a handler does before its first await is done before the socket's next
/// event. One that returns no task has no await, and runs on the thread pool as a whole. Acks go out as handlers end. A handler may still
/// run while OnDisconnected does.
/// </summary>
/// <param name="limit">How many at a time, 2 or more.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConcurrentAttribute(int limit) : Attribute
{
    /// <summary>How many at a time.</summary>
    public int Limit => limit;
}

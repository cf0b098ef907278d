namespace SocketIOServer;

/// <summary>
/// Lets several events of this name and socket be handled at the same time, and concurrently with the socket's other events. At the limit, the next event waits,
/// and the socket's later events wait behind it. Handlers begin in order: a handler reaches its first await before the socket's next event begins. A handler
/// that returns no task has no await, and all of it runs on the thread pool. Acks are sent in the order in which handlers end. A handler may still run while
/// OnDisconnected runs.
/// </summary>
/// <param name="limit">How many handlers of this event may run at a time for one socket. 2 or more.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConcurrentAttribute(int limit) : Attribute
{
    /// <summary>How many handlers of this event may run at a time for one socket.</summary>
    public int Limit => limit;
}

namespace SocketIOServer;

/// <summary>
/// Where durable events are kept until a client has acked them. The default store is in the memory of the process. Register another one as a singleton, and the servers of a
/// cluster that share it deliver each other's events. All methods are called from many threads at once.
/// </summary>
/// <remarks>An exception of <see cref="AddAsync"/> goes to the caller that emits. After one of the other methods the server logs it and tries again.</remarks>
public interface IInboxStore
{
    /// <summary>Adds a message at the end of an inbox, as one step.</summary>
    /// <param name="inbox">The name of the inbox: text without control characters.</param>
    /// <param name="content">The message. The memory belongs to the store afterwards.</param>
    /// <param name="limits">What the inbox may hold, and for how long the message is kept.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>False if the inbox is full; then it is as it was.</returns>
    ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default);

    /// <summary>Reads the messages of an inbox that have not expired, the oldest first.</summary>
    /// <param name="inbox">The name of the inbox.</param>
    /// <param name="after">Only messages whose number is greater.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancel">Ends the wait.</param>
    ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default);

    /// <summary>Removes a message.</summary>
    /// <param name="inbox">The name of the inbox.</param>
    /// <param name="id">The number of the message.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>False if it was not there.</returns>
    ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default);
}

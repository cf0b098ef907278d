namespace Chat.Messages;

internal interface IPrivateStore
{
    /// <summary>Everyone this user has talked with, the latest first.</summary>
    Task<IReadOnlyList<Conversation>> ListAsync(long user);

    /// <summary>Stores a message and notes that its recipient is to get it.</summary>
    Task<Outcome<Stored>> AddAsync(NewMessage message, long recipient);

    Task<HistoryPage> HistoryAsync(long user, long peer, long? before);

    /// <summary>The oldest messages that no device of the user has acked, in order.</summary>
    Task<IReadOnlyList<Message>> WaitingAsync(long user);

    /// <summary>A device of the user has these. Gives those that no other device had before.</summary>
    Task<IReadOnlyList<Message>> DeliveredAsync(long user, IReadOnlyList<Message> messages);

    /// <summary>The user has seen what a peer wrote, up to this message. False: had seen it before.</summary>
    Task<bool> ReadAsync(long user, long peer, long upTo);
}

/// <param name="Peer">The other one's id.</param>
/// <param name="Name">The other one's name.</param>
/// <param name="Unread">Messages that were not seen; 100 stands for more too.</param>
/// <param name="Last">The id of the last message, up to which was counted.</param>
/// <param name="Online">The peer is online now. The store does not know; the namespace fills it in.</param>
internal sealed record Conversation(long Peer, string Name, long Unread, long Last, bool Online = false);

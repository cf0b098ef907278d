using Chat.Files;

namespace Chat.Messages;

internal interface IMessageStore
{
    /// <summary>Stores a message, of a room if its sender is a member. One with the key of an earlier one is that one.</summary>
    /// <param name="message">It was checked.</param>
    /// <param name="tell">Called when it is safe, if it is new; in the order of the ids, so that all hear the same order. What it returns is not awaited.</param>
    Task<Outcome<Message>> AddAsync(NewMessage message, Func<Message, ValueTask> tell);

    /// <summary>The newest messages, or those before one.</summary>
    Task<HistoryPage> HistoryAsync(long conversation, long? before);

    /// <summary>As <see cref="HistoryAsync"/>, for members.</summary>
    Task<Outcome<HistoryPage>> HistoryForAsync(long user, long conversation, long? before);

    /// <summary>The user has seen messages up to this one. False: no member, or had seen it before.</summary>
    Task<bool> ReadAsync(long user, long conversation, long upTo);

    /// <summary>The file of a message, if this user may see it.</summary>
    Task<StoredFile?> FileAsync(long user, long message);
}

/// <param name="Message">With its id.</param>
/// <param name="IsNew">False: it was there before, and everybody has been told of it.</param>
internal sealed record Stored(Message Message, bool IsNew);

using Chat.Accounts;

namespace Chat.Messages;

/// <summary>What pages hear of private conversations, beside "messages" (<see cref="Postman"/>), which they ack.</summary>
internal interface IPrivateClient
{
    /// <summary>To the sender's other tabs.</summary>
    ValueTask Sent(Message message);

    /// <summary>To the sender: a device of this user has these messages.</summary>
    ValueTask Delivered(long user, IReadOnlyList<long> messages);

    /// <summary>To the sender: this user has read up to this message.</summary>
    ValueTask Read(long user, long upTo);

    /// <summary>To the reader's own tabs: what this user wrote is read.</summary>
    ValueTask Seen(long user, long upTo);

    /// <summary>To those who have a conversation with this user open or in their list: the user came or left.</summary>
    ValueTask Presence(long user, bool isOnline);

    /// <summary>This user is writing to you. Dropped where it cannot be sent at once.</summary>
    ValueTask Typing(Person user);
}

namespace Chat.Messages;

/// <summary>A message as clients get it.</summary>
/// <param name="Id">From the database; later messages have larger ones.</param>
/// <param name="Conversation">1 is the global chat, 2 the anonymous one; else a room's id, or that of a private conversation.</param>
/// <param name="Sender">Null: a guest.</param>
/// <param name="Recipient">Of a private message.</param>
/// <param name="Name">The sender's, as it is shown.</param>
/// <param name="Text">As it was typed: text and never HTML.</param>
/// <param name="Sent">Milliseconds since 1970, UTC.</param>
/// <param name="File">What came with it.</param>
/// <param name="Delivered">Of a private message: some device of the recipient has it.</param>
internal sealed record Message(
    long Id, long Conversation, long? Sender, long? Recipient, string Name, string Text, long Sent, Attachment? File = null, bool? Delivered = null)
{
    public const long Global = 1;
    public const long Anonymous = 2;
}

/// <summary>A file of a message, but for its content: that is fetched by the message's id.</summary>
internal sealed record Attachment(string Name, string Type, long Size);

/// <summary>Up to 50 messages, the newest first.</summary>
/// <param name="Messages">The page.</param>
/// <param name="More">There are older ones.</param>
/// <param name="PeerRead">Of a private conversation: the other one has read up to this message.</param>
internal sealed record HistoryPage(IReadOnlyList<Message> Messages, bool More, long PeerRead = 0)
{
    public const int Size = 50;
}

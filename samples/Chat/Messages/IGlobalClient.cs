namespace Chat.Messages;

/// <summary>What pages hear in the global chat.</summary>
internal interface IGlobalClient
{
    ValueTask Message(Message message);

    /// <summary>So many users are here.</summary>
    ValueTask Online(int users);
}

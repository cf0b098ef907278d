namespace Chat.Messages;

/// <summary>What pages hear in the anonymous chat.</summary>
internal interface IAnonymousClient
{
    ValueTask Message(Message message);
}

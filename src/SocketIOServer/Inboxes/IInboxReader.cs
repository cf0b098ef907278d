namespace SocketIOServer.Inboxes;

/// <summary>Somebody who is sent the messages of an inbox.</summary>
internal interface IInboxReader
{
    /// <summary>There may be new messages. Does not wait and does not throw.</summary>
    void Wake();
}

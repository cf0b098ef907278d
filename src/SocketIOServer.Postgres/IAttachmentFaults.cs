namespace SocketIOServer.Postgres;

/// <summary>What an <see cref="AttachmentLoader"/> could not do.</summary>
internal interface IAttachmentFaults
{
    /// <summary>The table could not be read.</summary>
    void OnNotLoaded(Exception exception);

    /// <summary>The table does not have the message, or it is larger than allowed.</summary>
    void OnGone(string channel, long id);

    /// <summary>Old messages could not be removed.</summary>
    void OnNotCleaned(Exception exception);
}

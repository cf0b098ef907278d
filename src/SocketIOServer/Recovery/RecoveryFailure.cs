namespace SocketIOServer.Recovery;

/// <summary>Why a client does not get its session back, for metrics and the log.</summary>
internal static class RecoveryFailure
{
    /// <summary>No such session: it was used, or another server had it.</summary>
    public const string Unknown = "unknown";

    /// <summary>Another connection of the client is just taking the session.</summary>
    public const string InUse = "in_use";

    public const string Expired = "expired";

    /// <summary>The session belongs to another user.</summary>
    public const string OtherUser = "other_user";

    public const string InvalidOffset = "invalid_offset";

    /// <summary>An event that the client has missed is no longer kept.</summary>
    public const string Trimmed = "trimmed";

    /// <summary>Events of other servers were lost on their way to this one while the client had the session.</summary>
    public const string Gap = "gap";

    /// <summary>Another server has the session, and servers whose events have no numbers publish too, such as Node's.</summary>
    public const string OtherPublishers = "other_publishers";

    /// <summary>The server that may have the session did not answer.</summary>
    public const string NoAnswer = "no_answer";

    /// <summary>This server has not read the log of the cluster as far as the client in time.</summary>
    public const string Behind = "behind";

    /// <summary>The record of the session in the store is not well formed, or does not belong to this client.</summary>
    public const string InvalidRecord = "invalid_record";

    /// <summary>The missed events are more than MaxQueuedBytes, or what the other server keeps of the session is more than one message can have.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The durable events of the session are not kept here.</summary>
    public const string InboxFull = "inbox_full";
}

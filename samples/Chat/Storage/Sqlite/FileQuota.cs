using Chat.Messages;

namespace Chat.Storage.Sqlite;

/// <summary>How much the files of one user may take. What is deleted, with its room, counts no more.</summary>
internal sealed class FileQuota(long bytesPerUser)
{
    // The least that a file takes; without it a quota of small ones would be any number of rows.
    private const int Page = 4096;

    /// <summary>Null: the message may be stored, or is so already and was sent again.</summary>
    public ErrorCode? WhyNot(SqliteSession session, NewMessage message)
    {
        if (message.File is not { } file) return null;
        var used = session.Number("SELECT coalesce(sum(max(size, ?2)), 0) FROM files WHERE owner = ?1", message.Sender, Page)!.Value;
        if (used + Math.Max(file.Content.Length, Page) <= bytesPerUser) return null;
        return session.Number("SELECT 1 FROM messages WHERE conversation = ?1 AND client_id = ?2", message.Conversation, message.Key) is null ? ErrorCode.StorageFull : null;
    }
}

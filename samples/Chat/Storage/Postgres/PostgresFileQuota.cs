using Chat.Messages;

namespace Chat.Storage.Postgres;

/// <summary>How much the files of one user may take. What is deleted, with its room, counts no more.</summary>
internal sealed class PostgresFileQuota(long bytesPerUser)
{
    // The least that a file takes; without it a quota of small ones would be any number of rows.
    private const int Page = 4096;

    /// <summary>Null: the message may be stored, or is so already and was sent again.</summary>
    public async Task<ErrorCode?> WhyNotAsync(PostgresSession session, NewMessage message)
    {
        if (message.File is not { } file) return null;
        // Files of one user come one after the other, on whichever nodes; else each could count without the other.
        await session.AnyAsync("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", message.Sender);
        var used = await session.NumberAsync("SELECT coalesce(sum(greatest(size, $2)), 0)::bigint FROM files WHERE owner = $1", message.Sender, (long)Page);
        if (used + Math.Max(file.Content.Length, Page) <= bytesPerUser) return null;
        return await session.AnyAsync("SELECT 1 FROM messages WHERE conversation = $1 AND client_id = $2", message.Conversation, message.Key) ? null : ErrorCode.StorageFull;
    }
}

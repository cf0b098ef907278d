using Chat.Messages;

namespace Chat.Storage.Sqlite;

internal sealed class SqlitePrivate(SqliteWriter writer, SqliteReaders readers, FileQuota quota, TimeProvider time) : IPrivateStore
{
    public async Task<IReadOnlyList<Conversation>> ListAsync(long user) => await readers.RunAsync(session => session.All(
        $"""
        SELECT u.id, u.name, {SqliteMessages.Unread}, {SqliteMessages.Last}
        FROM members m JOIN conversations c ON c.id = m.conversation AND c.kind = 'private'
            JOIN members p ON p.conversation = c.id AND p.user <> ?1 JOIN users u ON u.id = p.user
        WHERE m.user = ?1 ORDER BY 4 DESC
        """,
        row => new Conversation(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)),
        user));

    public Task<Outcome<Stored>> AddAsync(NewMessage message, long recipient)
    {
        var now = time.GetUtcNow();
        return writer.RunAsync<Outcome<Stored>>(session =>
        {
            if (message.Sender is not { } sender || sender == recipient || session.Number("SELECT 1 FROM users WHERE id = ?1", recipient) is null)
                return ErrorCode.NoSuchUser;
            var conversation = Find(session, sender, recipient);
            if (quota.WhyNot(session, message with { Conversation = conversation ?? 0 }) is { } error) return error;
            var stored = SqliteMessages.Insert(session, message with { Conversation = conversation ?? Open(session, sender, recipient) }, recipient, now);
            if (!stored.IsNew) return stored;
            session.Run("INSERT INTO waiting (user, message) VALUES (?1, ?2)", recipient, stored.Message.Id);
            return stored with { Message = stored.Message with { Delivered = false } };
        });
    }

    public Task<HistoryPage> HistoryAsync(long user, long peer, long? before) => readers.RunAsync(session =>
    {
        if (Find(session, user, peer) is not { } conversation) return new([], false);
        var read = session.Number("SELECT read FROM members WHERE conversation = ?1 AND user = ?2", conversation, peer) ?? 0;
        return SqliteMessages.Page(session, conversation, before) with { PeerRead = read };
    });

    public Task<IReadOnlyList<Message>> WaitingAsync(long user) => readers.RunAsync(session => SqliteMessages.Waiting(session, user));

    public Task<IReadOnlyList<Message>> DeliveredAsync(long user, IReadOnlyList<Message> messages) => writer.RunAsync<IReadOnlyList<Message>>(session =>
        [.. messages.Where(message => session.Run("DELETE FROM waiting WHERE user = ?1 AND message = ?2", user, message.Id) == 1)]);

    public Task<bool> ReadAsync(long user, long peer, long upTo) => writer.RunAsync(session =>
        Find(session, user, peer) is { } conversation && SqliteMessages.MarkRead(session, user, conversation, upTo));

    private static string KeyOf(long user, long peer) => $"{Math.Min(user, peer)}:{Math.Max(user, peer)}";

    private static long? Find(SqliteSession session, long user, long peer) =>
        session.Number("SELECT id FROM conversations WHERE kind = 'private' AND key = ?1", KeyOf(user, peer));

    private static long Open(SqliteSession session, long user, long peer)
    {
        var id = session.Number("INSERT INTO conversations (kind, key, name) VALUES ('private', ?1, '') RETURNING id", KeyOf(user, peer))!.Value;
        session.Run("INSERT INTO members (conversation, user) VALUES (?1, ?2), (?1, ?3)", id, user, peer);
        return id;
    }
}

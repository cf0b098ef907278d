using Chat.Messages;

namespace Chat.Storage.Postgres;

internal sealed class PostgresPrivate(PostgresDatabase database, PostgresFileQuota quota, TimeProvider time) : IPrivateStore
{
    public async Task<IReadOnlyList<Conversation>> ListAsync(long user) => await database.ReadAsync(session => session.AllAsync(
        $"""
        SELECT u.id, u.name, {PostgresMessages.Unread}, {PostgresMessages.Last}
        FROM members m JOIN conversations c ON c.id = m.conversation AND c.kind = 'private'
            JOIN members p ON p.conversation = c.id AND p.account <> $1 JOIN users u ON u.id = p.account
        WHERE m.account = $1 ORDER BY 4 DESC
        """,
        row => new Conversation(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)),
        user));

    public Task<Outcome<Stored>> AddAsync(NewMessage message, long recipient)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync<Outcome<Stored>>(async session =>
        {
            if (message.Sender is not { } sender || sender == recipient || !await session.AnyAsync("SELECT 1 FROM users WHERE id = $1", recipient))
                return ErrorCode.NoSuchUser;
            var conversation = await FindAsync(session, sender, recipient);
            if (conversation is { } known) await PostgresMessages.LockAsync(session, known);
            if (await quota.WhyNotAsync(session, message with { Conversation = conversation ?? 0 }) is { } error) return error;
            var stored = await PostgresMessages.InsertAsync(session, message with { Conversation = conversation ?? await OpenAsync(session, sender, recipient) }, recipient, now);
            if (!stored.IsNew) return stored;
            await session.RunAsync("INSERT INTO waiting (account, message) VALUES ($1, $2)", recipient, stored.Message.Id);
            return stored with { Message = stored.Message with { Delivered = false } };
        });
    }

    public Task<HistoryPage> HistoryAsync(long user, long peer, long? before) => database.ReadAsync(async session =>
    {
        if (await FindAsync(session, user, peer) is not { } conversation) return new([], false);
        var read = await session.NumberAsync("SELECT read FROM members WHERE conversation = $1 AND account = $2", conversation, peer) ?? 0;
        return await PostgresMessages.PageAsync(session, conversation, before) with { PeerRead = read };
    });

    public Task<IReadOnlyList<Message>> WaitingAsync(long user) => database.ReadAsync(session => PostgresMessages.WaitingAsync(session, user));

    // Two devices, on two nodes, may ack the same ones at once: each row is deleted by one of them. Locked in order, or they could wait for each other.
    public async Task<IReadOnlyList<Message>> DeliveredAsync(long user, IReadOnlyList<Message> messages)
    {
        var ids = await database.WriteAsync(session => session.AllAsync(
            """
            WITH found AS (SELECT message FROM waiting WHERE account = $1 AND message = ANY($2) ORDER BY message FOR UPDATE)
            DELETE FROM waiting w USING found WHERE w.account = $1 AND w.message = found.message RETURNING w.message
            """,
            row => row.GetInt64(0),
            user, messages.Select(message => message.Id).ToArray()));
        return [.. messages.Where(message => ids.Contains(message.Id))];
    }

    public Task<bool> ReadAsync(long user, long peer, long upTo) => database.WriteAsync(async session =>
        await FindAsync(session, user, peer) is { } conversation && await PostgresMessages.MarkReadAsync(session, user, conversation, upTo));

    private static string KeyOf(long user, long peer) => $"{Math.Min(user, peer)}:{Math.Max(user, peer)}";

    private static Task<long?> FindAsync(PostgresSession session, long user, long peer) =>
        session.NumberAsync("SELECT id FROM conversations WHERE kind = 'private' AND key = $1", KeyOf(user, peer));

    // Both may write their first message at once, on two nodes: the second waits for the first one's commit, and finds what it made.
    private static async Task<long> OpenAsync(PostgresSession session, long user, long peer)
    {
        await session.RunAsync("INSERT INTO conversations (kind, key, name) VALUES ('private', $1, '') ON CONFLICT DO NOTHING", KeyOf(user, peer));
        var id = (await FindAsync(session, user, peer))!.Value;
        await session.RunAsync("INSERT INTO members (conversation, account) VALUES ($1, $2), ($1, $3) ON CONFLICT DO NOTHING", id, user, peer);
        return id;
    }
}

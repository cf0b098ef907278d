using Chat.Files;
using Chat.Messages;
using Npgsql;

namespace Chat.Storage.Postgres;

internal sealed class PostgresMessages(PostgresDatabase database, PostgresFileQuota quota, TimeProvider time) : IMessageStore, IDisposable
{
    /// <summary>How many messages of others in conversation c the member m has not seen, up to 100; $1 is that member's user id.</summary>
    public const string Unread = """
        (SELECT count(*) FROM (SELECT 1 FROM messages x
            WHERE m.account IS NOT NULL AND x.conversation = c.id AND x.id > m.read AND x.sender IS DISTINCT FROM $1 LIMIT 100) unread)
        """;

    /// <summary>The last message of conversation c.</summary>
    public const string Last = "(SELECT coalesce(max(y.id), 0) FROM messages y WHERE y.conversation = c.id)";

    private const string Columns = """
        SELECT s.id, s.conversation, s.sender, s.recipient, s.name, s.text, s.sent, f.name, f.type, f.size,
            s.recipient IS NULL OR NOT EXISTS (SELECT 1 FROM waiting w WHERE w.message = s.id)
        FROM messages s LEFT JOIN files f ON f.message = s.id
        """;

    // Of one conversation, one message at a time: told in the order of the ids, and no more than one connection waits for the lock on its row.
    private readonly Turns _turns = new();

    public async Task<Outcome<Message>> AddAsync(NewMessage message, Func<Message, ValueTask> tell)
    {
        var now = time.GetUtcNow();
        using var turn = await _turns.TakeAsync(message.Conversation);
        var outcome = await database.WriteAsync<Outcome<Stored>>(async session =>
        {
            await LockAsync(session, message.Conversation);
            return (await WhyNotAsync(session, message) ?? await quota.WhyNotAsync(session, message)) is { } error
                ? error
                : await InsertAsync(session, message, null, now);
        });
        if (outcome.Value is not { } stored) return outcome.Error!.Value;
        if (stored.IsNew) _ = tell(stored.Message).AsTask();
        return stored.Message;
    }

    public Task<HistoryPage> HistoryAsync(long conversation, long? before) => database.ReadAsync(session => PageAsync(session, conversation, before));

    public Task<Outcome<HistoryPage>> HistoryForAsync(long user, long conversation, long? before) => database.ReadAsync<Outcome<HistoryPage>>(async session =>
        await IsMemberAsync(session, user, conversation) ? await PageAsync(session, conversation, before) : await MissingRoomOrMemberAsync(session, conversation));

    public Task<bool> ReadAsync(long user, long conversation, long upTo) => database.WriteAsync(session => MarkReadAsync(session, user, conversation, upTo));

    public Task<StoredFile?> FileAsync(long user, long message) => database.ReadAsync(session => session.FirstAsync(
        """
        SELECT f.name, f.type, f.content FROM files f JOIN messages s ON s.id = f.message
        WHERE s.id = $2 AND (s.conversation = 1 OR EXISTS (SELECT 1 FROM members m WHERE m.conversation = s.conversation AND m.account = $1))
        """,
        row => new StoredFile(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)),
        user, message));

    public void Dispose() => _turns.Dispose();

    /// <summary>
    /// Until the commit no other node adds to this conversation. Without it, a message could become visible behind a younger one, and a page that has
    /// loaded up to the younger one would not ask for it.
    /// </summary>
    public static Task<bool> LockAsync(PostgresSession session, long conversation) =>
        session.AnyAsync("SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE", conversation);

    /// <summary>Inserts, or finds the one with the same key.</summary>
    public static async Task<Stored> InsertAsync(PostgresSession session, NewMessage message, long? recipient, DateTimeOffset now)
    {
        var id = await session.NumberAsync(
            """
            INSERT INTO messages (conversation, sender, recipient, name, text, sent, client_id) VALUES ($1, $2::bigint, $3::bigint, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            message.Conversation, message.Sender, recipient, message.Name, message.Text, now.ToUnixTimeMilliseconds(), message.Key);
        if (id is { } added && message.File is { } file)
        {
            await session.RunAsync(
                "INSERT INTO files (message, owner, name, type, size, content) VALUES ($1, $2::bigint, $3, $4, $5, $6)",
                added, message.Sender, file.Name, file.Type, (long)file.Content.Length, file.Content);
        }

        var stored = await session.FirstAsync($"{Columns} WHERE s.conversation = $1 AND s.client_id = $2", Read, message.Conversation, message.Key);
        return new(stored!, id is not null);
    }

    public static async Task<HistoryPage> PageAsync(PostgresSession session, long conversation, long? before)
    {
        var found = await session.AllAsync(
            $"{Columns} WHERE s.conversation = $1 AND s.id < $2 ORDER BY s.id DESC LIMIT $3", Read, conversation, before ?? long.MaxValue, HistoryPage.Size + 1);
        return found.Count > HistoryPage.Size ? new(found[..HistoryPage.Size], true) : new(found, false);
    }

    /// <summary>Those of a user that wait for a device, the oldest first.</summary>
    public static async Task<IReadOnlyList<Message>> WaitingAsync(PostgresSession session, long user) => await session.AllAsync(
        $"{Columns} JOIN waiting q ON q.message = s.id WHERE q.account = $1 ORDER BY s.id LIMIT $2", Read, user, HistoryPage.Size);

    // No further than there are messages, and never back.
    public static async Task<bool> MarkReadAsync(PostgresSession session, long user, long conversation, long upTo) => await session.RunAsync(
        """
        UPDATE members SET read = last.id
        FROM (SELECT least($3, coalesce(max(id), 0)) AS id FROM messages WHERE conversation = $1) last
        WHERE conversation = $1 AND account = $2 AND read < last.id
        """,
        conversation, user, upTo) == 1;

    private static async Task<ErrorCode?> WhyNotAsync(PostgresSession session, NewMessage message) =>
        message.Conversation is Message.Global or Message.Anonymous || await IsMemberAsync(session, message.Sender, message.Conversation)
            ? null
            : await MissingRoomOrMemberAsync(session, message.Conversation);

    private static Task<bool> IsMemberAsync(PostgresSession session, long? user, long room) => session.AnyAsync(
        "SELECT 1 FROM members m JOIN conversations c ON c.id = m.conversation WHERE c.id = $1 AND m.account = $2::bigint AND c.kind = 'room'", room, user);

    private static async Task<ErrorCode> MissingRoomOrMemberAsync(PostgresSession session, long room) =>
        await session.AnyAsync("SELECT 1 FROM conversations WHERE id = $1 AND kind = 'room'", room) ? ErrorCode.NotMember : ErrorCode.NoSuchRoom;

    private static Message Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), Nullable(row, 2), Nullable(row, 3), row.GetString(4), row.GetString(5), row.GetInt64(6),
        row.IsDBNull(7) ? null : new(row.GetString(7), row.GetString(8), row.GetInt64(9)),
        row.IsDBNull(3) ? null : row.GetBoolean(10));

    private static long? Nullable(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

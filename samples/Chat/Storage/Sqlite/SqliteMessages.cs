using Chat.Files;
using Chat.Messages;
using Microsoft.Data.Sqlite;

namespace Chat.Storage.Sqlite;

internal sealed class SqliteMessages(SqliteWriter writer, SqliteReaders readers, FileQuota quota, TimeProvider time) : IMessageStore
{
    /// <summary>How many messages of others in conversation c the member m has not seen, up to 100; ?1 is that member's user id.</summary>
    public const string Unread = """
        (SELECT count(*) FROM (SELECT 1 FROM messages x WHERE m.user IS NOT NULL AND x.conversation = c.id AND x.id > m.read AND x.sender IS NOT ?1 LIMIT 100))
        """;

    /// <summary>The last message of conversation c.</summary>
    public const string Last = "(SELECT coalesce(max(y.id), 0) FROM messages y WHERE y.conversation = c.id)";

    private const string Columns = """
        SELECT s.id, s.conversation, s.sender, s.recipient, s.name, s.text, s.sent, f.name, f.type, length(f.content),
            s.recipient IS NULL OR NOT EXISTS (SELECT 1 FROM waiting w WHERE w.message = s.id)
        FROM messages s LEFT JOIN files f ON f.message = s.id
        """;

    public async Task<Outcome<Message>> AddAsync(NewMessage message, Func<Message, ValueTask> tell)
    {
        var now = time.GetUtcNow();
        var outcome = await writer.RunAsync<Outcome<Stored>>(
            session => (WhyNot(session, message) ?? quota.WhyNot(session, message)) is { } error ? error : Insert(session, message, null, now),
            outcome =>
            {
                if (outcome.Value is { IsNew: true } added) _ = tell(added.Message).AsTask();
            });
        return outcome.Value is { } stored ? stored.Message : outcome.Error!.Value;
    }

    public Task<HistoryPage> HistoryAsync(long conversation, long? before) => readers.RunAsync(session => Page(session, conversation, before));

    public Task<Outcome<HistoryPage>> HistoryForAsync(long user, long conversation, long? before) => readers.RunAsync<Outcome<HistoryPage>>(session =>
        IsMember(session, user, conversation) ? Page(session, conversation, before) : MissingRoomOrMember(session, conversation));

    public Task<bool> ReadAsync(long user, long conversation, long upTo) => writer.RunAsync(session => MarkRead(session, user, conversation, upTo));

    public Task<StoredFile?> FileAsync(long user, long message) => readers.RunAsync(session => session.First(
        """
        SELECT f.name, f.type, f.content FROM files f JOIN messages s ON s.id = f.message
        WHERE s.id = ?2 AND (s.conversation = 1 OR EXISTS (SELECT 1 FROM members m WHERE m.conversation = s.conversation AND m.user = ?1))
        """,
        row => new StoredFile(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)),
        user, message));

    /// <summary>Inserts, or finds the one with the same key.</summary>
    public static Stored Insert(SqliteSession session, NewMessage message, long? recipient, DateTimeOffset now)
    {
        var id = session.Number(
            """
            INSERT INTO messages (conversation, sender, recipient, name, text, sent, client_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            message.Conversation, message.Sender, recipient, message.Name, message.Text, now.ToUnixTimeMilliseconds(), message.Key);
        if (id is { } added && message.File is { } file)
        {
            session.Run(
                "INSERT INTO files (message, owner, name, type, size, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                added, message.Sender, file.Name, file.Type, file.Content.Length, file.Content);
        }

        var stored = session.First($"{Columns} WHERE s.conversation = ?1 AND s.client_id = ?2", Read, message.Conversation, message.Key)!;
        return new Stored(stored, id is not null);
    }

    public static HistoryPage Page(SqliteSession session, long conversation, long? before)
    {
        var found = session.All(
            $"{Columns} WHERE s.conversation = ?1 AND s.id < ?2 ORDER BY s.id DESC LIMIT ?3", Read, conversation, before ?? long.MaxValue, HistoryPage.Size + 1);
        return found.Count > HistoryPage.Size ? new(found[..HistoryPage.Size], true) : new(found, false);
    }

    /// <summary>Those of a user that wait for a device, the oldest first.</summary>
    public static IReadOnlyList<Message> Waiting(SqliteSession session, long user) => session.All(
        $"{Columns} JOIN waiting q ON q.message = s.id WHERE q.user = ?1 ORDER BY s.id LIMIT ?2", Read, user, HistoryPage.Size);

    // No further than there are messages, and never back.
    public static bool MarkRead(SqliteSession session, long user, long conversation, long upTo) => session.Run(
        """
        UPDATE members SET read = min(?3, (SELECT coalesce(max(id), 0) FROM messages WHERE conversation = ?1))
        WHERE conversation = ?1 AND user = ?2 AND read < min(?3, (SELECT coalesce(max(id), 0) FROM messages WHERE conversation = ?1))
        """,
        conversation, user, upTo) == 1;

    private static ErrorCode? WhyNot(SqliteSession session, NewMessage message) =>
        message.Conversation is Message.Global or Message.Anonymous || IsMember(session, message.Sender, message.Conversation)
            ? null
            : MissingRoomOrMember(session, message.Conversation);

    private static bool IsMember(SqliteSession session, long? user, long room) => session.Number(
        "SELECT 1 FROM members m JOIN conversations c ON c.id = m.conversation WHERE c.id = ?1 AND m.user = ?2 AND c.kind = 'room'", room, user) is not null;

    private static ErrorCode MissingRoomOrMember(SqliteSession session, long room) =>
        session.Number("SELECT 1 FROM conversations WHERE id = ?1 AND kind = 'room'", room) is null ? ErrorCode.NoSuchRoom : ErrorCode.NotMember;

    private static Message Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), Nullable(row, 2), Nullable(row, 3), row.GetString(4), row.GetString(5), row.GetInt64(6),
        row.IsDBNull(7) ? null : new(row.GetString(7), row.GetString(8), row.GetInt64(9)),
        row.IsDBNull(3) ? null : row.GetBoolean(10));

    private static long? Nullable(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

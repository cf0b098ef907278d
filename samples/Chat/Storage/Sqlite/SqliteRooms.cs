using Chat.Accounts;
using Chat.Rooms;
using Microsoft.Data.Sqlite;

namespace Chat.Storage.Sqlite;

internal sealed class SqliteRooms(SqliteWriter writer, SqliteReaders readers) : IRoomStore
{
    private const int MostOfOneOwner = 50;

    // ?1 is the user who looks.
    private const string Columns = $"""
        SELECT c.id, c.name, c.owner, u.name, m.user IS NOT NULL, {SqliteMessages.Unread}, {SqliteMessages.Last}
        FROM conversations c JOIN users u ON u.id = c.owner LEFT JOIN members m ON m.conversation = c.id AND m.user = ?1
        WHERE c.kind = 'room'
        """;

    public async Task<IReadOnlyList<Room>> ListAsync(long user) =>
        await readers.RunAsync(session => session.All($"{Columns} ORDER BY c.key", Read, user));

    public async Task<IReadOnlyList<long>> JoinedAsync(long user) => await readers.RunAsync(session => session.All(
        "SELECT m.conversation FROM members m JOIN conversations c ON c.id = m.conversation WHERE m.user = ?1 AND c.kind = 'room'", row => row.GetInt64(0), user));

    public Task<Outcome<Room>> CreateAsync(User owner, string name) => writer.RunAsync<Outcome<Room>>(session =>
    {
        if (session.Number("SELECT count(*) FROM conversations WHERE kind = 'room' AND owner = ?1", owner.Id) >= MostOfOneOwner) return ErrorCode.TooManyRooms;
        var id = session.Number(
            "INSERT INTO conversations (kind, key, name, owner) VALUES ('room', ?1, ?2, ?3) ON CONFLICT DO NOTHING RETURNING id", NameKey.Of(name), name, owner.Id);
        if (id is not { } room) return ErrorCode.NameTaken;
        Join(session, owner.Id, room);
        return Find(session, owner.Id, room);
    });

    public Task<Outcome<Room>> RenameAsync(long user, long room, string name) => writer.RunAsync(session =>
    {
        var old = FindOwn(session, user, room);
        if (old.Value is null) return old;
        return session.Run("UPDATE OR IGNORE conversations SET key = ?2, name = ?3 WHERE id = ?1", room, NameKey.Of(name), name) == 0
            ? ErrorCode.NameTaken
            : old.Value with { Name = name };
    });

    public Task<Outcome<Room>> CloseAsync(long user, long room) => writer.RunAsync(session =>
    {
        var old = FindOwn(session, user, room);
        if (old.Value is not null) session.Run("DELETE FROM conversations WHERE id = ?1", room);
        return old;
    });

    public Task<Outcome<Room>> JoinAsync(long user, long room) => writer.RunAsync(session =>
    {
        if (Find(session, user, room) is { Error: { } } missing) return missing;
        Join(session, user, room);
        return Find(session, user, room);
    });

    public Task<bool> LeaveAsync(long user, long room) =>
        writer.RunAsync(session => Find(session, user, room).Error is null && session.Run("DELETE FROM members WHERE conversation = ?1 AND user = ?2", room, user) == 1);

    // Who comes has nothing unread: what was said before is history.
    private static void Join(SqliteSession session, long user, long room) => session.Run(
        "INSERT INTO members (conversation, user, read) VALUES (?1, ?2, (SELECT coalesce(max(id), 0) FROM messages WHERE conversation = ?1)) ON CONFLICT DO NOTHING", room, user);

    private static Outcome<Room> Find(SqliteSession session, long user, long room) =>
        session.First($"{Columns} AND c.id = ?2", Read, user, room) is { } found ? found : ErrorCode.NoSuchRoom;

    private static Outcome<Room> FindOwn(SqliteSession session, long user, long room) =>
        Find(session, user, room) is { Value: { } found } && found.Owner != user ? ErrorCode.NotOwner : Find(session, user, room);

    private static Room Read(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetBoolean(4), row.GetInt64(5), row.GetInt64(6));
}

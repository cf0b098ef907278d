using Chat.Accounts;
using Chat.Rooms;
using Npgsql;

namespace Chat.Storage.Postgres;

internal sealed class PostgresRooms(PostgresDatabase database) : IRoomStore
{
    private const int MostOfOneOwner = 50;

    // $1 is the user who looks.
    private const string Columns = $"""
        SELECT c.id, c.name, c.owner, u.name, m.account IS NOT NULL, {PostgresMessages.Unread}, {PostgresMessages.Last}
        FROM conversations c JOIN users u ON u.id = c.owner LEFT JOIN members m ON m.conversation = c.id AND m.account = $1
        WHERE c.kind = 'room'
        """;

    public async Task<IReadOnlyList<Room>> ListAsync(long user) =>
        await database.ReadAsync(session => session.AllAsync($"{Columns} ORDER BY c.key", Read, user));

    public async Task<IReadOnlyList<long>> JoinedAsync(long user) => await database.ReadAsync(session => session.AllAsync(
        "SELECT m.conversation FROM members m JOIN conversations c ON c.id = m.conversation WHERE m.account = $1 AND c.kind = 'room'", row => row.GetInt64(0), user));

    public Task<Outcome<Room>> CreateAsync(User owner, string name) => database.WriteAsync<Outcome<Room>>(async session =>
    {
        // One after the other, or two nodes could make one room more than there may be.
        await session.AnyAsync("SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE", owner.Id);
        if (await session.NumberAsync("SELECT count(*) FROM conversations WHERE kind = 'room' AND owner = $1", owner.Id) >= MostOfOneOwner) return ErrorCode.TooManyRooms;
        var id = await session.NumberAsync(
            "INSERT INTO conversations (kind, key, name, owner) VALUES ('room', $1, $2, $3) ON CONFLICT DO NOTHING RETURNING id", NameKey.Of(name), name, owner.Id);
        if (id is not { } room) return ErrorCode.NameTaken;
        await AddMemberAsync(session, owner.Id, room);
        return await FindAsync(session, owner.Id, room);
    });

    public async Task<Outcome<Room>> RenameAsync(long user, long room, string name)
    {
        try
        {
            return await database.WriteAsync(async session =>
            {
                var old = await FindOwnAsync(session, user, room);
                if (old.Value is null) return old;
                await session.RunAsync("UPDATE conversations SET key = $2, name = $3 WHERE id = $1", room, NameKey.Of(name), name);
                return old.Value with { Name = name };
            });
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return ErrorCode.NameTaken;
        }
    }

    public Task<Outcome<Room>> CloseAsync(long user, long room) => database.WriteAsync(async session =>
    {
        var old = await FindOwnAsync(session, user, room);
        if (old.Value is not null) await session.RunAsync("DELETE FROM conversations WHERE id = $1", room);
        return old;
    });

    public Task<Outcome<Room>> JoinAsync(long user, long room) => database.WriteAsync(async session =>
    {
        // So that nobody closes it meanwhile.
        await session.AnyAsync("SELECT 1 FROM conversations WHERE id = $1 FOR KEY SHARE", room);
        if (await FindAsync(session, user, room) is { Error: { } } missing) return missing;
        await AddMemberAsync(session, user, room);
        return await FindAsync(session, user, room);
    });

    public Task<bool> LeaveAsync(long user, long room) => database.WriteAsync(async session =>
        (await FindAsync(session, user, room)).Error is null && await session.RunAsync("DELETE FROM members WHERE conversation = $1 AND account = $2", room, user) == 1);

    // Who comes has nothing unread: what was said before is history.
    private static Task<int> AddMemberAsync(PostgresSession session, long user, long room) => session.RunAsync(
        "INSERT INTO members (conversation, account, read) VALUES ($1, $2, (SELECT coalesce(max(id), 0) FROM messages WHERE conversation = $1)) ON CONFLICT DO NOTHING", room, user);

    private static async Task<Outcome<Room>> FindAsync(PostgresSession session, long user, long room) =>
        await session.FirstAsync($"{Columns} AND c.id = $2", Read, user, room) is { } found ? found : ErrorCode.NoSuchRoom;

    // Locked, so that of two changes the later one sees what the earlier one did.
    private static async Task<Outcome<Room>> FindOwnAsync(PostgresSession session, long user, long room)
    {
        await session.AnyAsync("SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE", room);
        var found = await FindAsync(session, user, room);
        return found.Value is { } one && one.Owner != user ? ErrorCode.NotOwner : found;
    }

    private static Room Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetBoolean(4), row.GetInt64(5), row.GetInt64(6));
}

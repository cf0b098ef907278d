using Chat.Accounts;

namespace Chat.Storage.Sqlite;

internal sealed class SqliteAccounts(SqliteWriter writer, SqliteReaders readers) : IAccountStore
{
    public Task<User?> AddAsync(string name, string passwordHash) => writer.RunAsync(session => session.First(
        "INSERT INTO users (name, key, password) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING RETURNING id",
        row => new User(row.GetInt64(0), name, 0),
        name, NameKey.Of(name), passwordHash));

    public Task<Account?> FindAsync(string name) => readers.RunAsync(session => session.First(
        "SELECT id, name, stamp, password FROM users WHERE key = ?1",
        row => new Account(new(row.GetInt64(0), row.GetString(1), row.GetInt64(2)), row.GetString(3)),
        NameKey.Of(name)));

    public Task<bool> IsCurrentAsync(User user) => readers.RunAsync(session =>
        session.Number("SELECT 1 FROM users WHERE id = ?1 AND stamp = ?2", user.Id, user.Stamp) is not null);

    public Task SignOutAsync(long user) => writer.RunAsync(session => session.Run("UPDATE users SET stamp = stamp + 1 WHERE id = ?1", user));

    public async Task<IReadOnlyList<Person>> SearchAsync(string beginning, long asker)
    {
        var key = NameKey.Of(beginning);
        // Up to the key's last possible follower, so that the index serves: no LIKE, hence no wildcards in what a user typed.
        return await readers.RunAsync(session => session.All(
            "SELECT id, name FROM users WHERE key >= ?1 AND key < ?1 || char(0x10FFFF) AND id <> ?2 ORDER BY key LIMIT 20",
            row => new Person(row.GetInt64(0), row.GetString(1)),
            key, asker));
    }
}

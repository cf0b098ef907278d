using Chat.Accounts;

namespace Chat.Storage.Postgres;

internal sealed class PostgresAccounts(PostgresDatabase database) : IAccountStore
{
    public Task<User?> AddAsync(string name, string passwordHash) => database.WriteAsync(session => session.FirstAsync(
        "INSERT INTO users (name, key, password) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id",
        row => new User(row.GetInt64(0), name, 0),
        name, NameKey.Of(name), passwordHash));

    public Task<Account?> FindAsync(string name) => database.ReadAsync(session => session.FirstAsync(
        "SELECT id, name, stamp, password FROM users WHERE key = $1",
        row => new Account(new(row.GetInt64(0), row.GetString(1), row.GetInt64(2)), row.GetString(3)),
        NameKey.Of(name)));

    public Task<bool> IsCurrentAsync(User user) => database.ReadAsync(session =>
        session.AnyAsync("SELECT 1 FROM users WHERE id = $1 AND stamp = $2", user.Id, user.Stamp));

    public Task SignOutAsync(long user) => database.WriteAsync(session => session.RunAsync("UPDATE users SET stamp = stamp + 1 WHERE id = $1", user));

    public async Task<IReadOnlyList<Person>> SearchAsync(string beginning, long asker)
    {
        var key = NameKey.Of(beginning);
        // Up to the key's last possible follower, so that the index serves: no LIKE, hence no wildcards in what a user typed.
        return await database.ReadAsync(session => session.AllAsync(
            "SELECT id, name FROM users WHERE key >= $1 AND key < $1 || chr(1114111) AND id <> $2 ORDER BY key LIMIT 20",
            row => new Person(row.GetInt64(0), row.GetString(1)),
            key, asker));
    }
}

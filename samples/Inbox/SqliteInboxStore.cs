using Microsoft.Data.Sqlite;
using SocketIOServer;

namespace Samples.Inbox;

/// <summary>
/// Keeps durable events in a file of SQLite, so that they outlive the process. For one server: a file is not for several. Register it as
/// <c>builder.Services.AddSingleton&lt;IInboxStore&gt;(_ => new SqliteInboxStore("inbox.db"))</c>.
/// </summary>
public sealed class SqliteInboxStore : IInboxStore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;

    public SqliteInboxStore(string file)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();
        // FULL: what was added outlives a power cut. AUTOINCREMENT: numbers go on after the table was empty.
        Run(
            """
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, expires_at INTEGER NOT NULL, content BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS inbox_name ON inbox (name, id);
            CREATE INDEX IF NOT EXISTS inbox_expires_at ON inbox (expires_at);
            """);
    }

    public ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default) => RunAsync(() =>
    {
        Run("DELETE FROM inbox WHERE expires_at <= @now", ("@now", Now));
        return Run(
            """
            INSERT INTO inbox (name, expires_at, content) SELECT @name, @expires, @content
            WHERE (SELECT count(*) FROM inbox WHERE name = @name) < @messages AND (SELECT coalesce(sum(length(content)), 0) FROM inbox WHERE name = @name) + length(@content) <= @bytes
            """,
            ("@name", inbox), ("@expires", Now + (long)limits.MaxAge.TotalMilliseconds), ("@content", content.ToArray()), ("@messages", limits.MaxMessages), ("@bytes", limits.MaxBytes)) == 1;
    });

    public ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default) => RunAsync<IReadOnlyList<InboxMessage>>(() =>
    {
        using var select = Command(
            "SELECT id, content FROM inbox WHERE name = @name AND id > @after AND expires_at > @now ORDER BY id LIMIT @count",
            ("@name", inbox), ("@after", after), ("@now", Now), ("@count", count));
        using var rows = select.ExecuteReader();
        var found = new List<InboxMessage>();
        while (rows.Read()) found.Add(new(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
        return found;
    });

    public ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default) =>
        RunAsync(() => Run("DELETE FROM inbox WHERE name = @name AND id = @id AND expires_at > @now", ("@name", inbox), ("@id", id), ("@now", Now)) == 1);

    public void Dispose() => _connection.Dispose();

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    // A write waits for the disk, which the caller's thread must not.
    private async ValueTask<T> RunAsync<T>(Func<T> statements) => await Task.Run(() =>
    {
        lock (_gate) return statements();
    });

    private int Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        // The analyzer cannot know that every text here is a constant of this class.
#pragma warning disable CA2100
        var command = new SqliteCommand(sql, _connection);
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}

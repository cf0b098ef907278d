using Npgsql;

namespace SocketIOServer.Postgres;

/// <summary>The table of the inboxes, and its statements. The time of PostgreSQL counts, so clocks of servers that differ change nothing.</summary>
internal sealed class InboxTable
{
    private readonly string _name;

    public InboxTable(string name)
    {
        _name = TableName.Check(name);
        // Those who add to one inbox do so one after the other: a message with a smaller number is never seen after one with a greater number, and the limits hold.
        LockSql = $"SELECT pg_advisory_xact_lock(hashtextextended('{name} ' || $1, 0))";
        InsertSql =
            $"""
            INSERT INTO {name} (inbox, expires_at, content) SELECT $1, now() + $3, $2
            FROM (SELECT count(*) AS messages, coalesce(sum(octet_length(content)), 0) AS bytes FROM {name} WHERE inbox = $1 AND expires_at > now()) AS kept
            WHERE kept.messages < $4 AND kept.bytes + octet_length($2) <= $5
            """;
        CleanSql = $"DELETE FROM {name} WHERE (inbox, id) IN (SELECT inbox, id FROM {name} WHERE expires_at <= now() ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)";
        SelectSql = $"SELECT id, content FROM {name} WHERE inbox = $1 AND id > $2 AND expires_at > now() ORDER BY id LIMIT $3";
        DeleteSql = $"DELETE FROM {name} WHERE inbox = $1 AND id = $2 AND expires_at > now()";
    }

    /// <summary>$1 the inbox. Held until the end of the transaction.</summary>
    public string LockSql { get; }

    /// <summary>$1 the inbox, $2 the content, $3 the age, $4 the most messages, $5 the most bytes. Inserts nothing if the inbox is full.</summary>
    public string InsertSql { get; }

    /// <summary>Removes expired messages of all inboxes, not more than an add may take time for.</summary>
    public string CleanSql { get; }

    /// <summary>$1 the inbox, $2 the number before the first, $3 how many.</summary>
    public string SelectSql { get; }

    /// <summary>$1 the inbox, $2 the number.</summary>
    public string DeleteSql { get; }

    /// <summary>Creates the table if it is not there. A role that may not create tables can use one that is there.</summary>
    public async Task CreateAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var exists = source.CreateCommand("SELECT to_regclass($1) IS NOT NULL");
        exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _name });
        if ((bool)(await exists.ExecuteScalarAsync(cancel))!) return;
        await using var create = source.CreateBatch();
        // One transaction, in which several servers do not create it at once.
        create.BatchCommands.Add(new(LockSql) { Parameters = { new NpgsqlParameter<string> { TypedValue = "" } } });
        create.BatchCommands.Add(new(
            $"""
            CREATE TABLE IF NOT EXISTS {_name} (
              inbox text COLLATE "C" NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, expires_at timestamptz NOT NULL, content bytea NOT NULL, PRIMARY KEY (inbox, id))
            """));
        create.BatchCommands.Add(new($"CREATE INDEX IF NOT EXISTS {_name[(_name.IndexOf('.') + 1)..]}_expires_at ON {_name} (expires_at)"));
        await create.ExecuteNonQueryAsync(cancel);
    }
}

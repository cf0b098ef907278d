using Npgsql;
using NpgsqlTypes;

namespace SocketIOServer.Postgres;

/// <summary>The table for what does not fit into a notification, as the README of @socket.io/postgres-adapter makes it, and its statements.</summary>
internal sealed class AttachmentTable
{
    private readonly string _name;

    public AttachmentTable(string name)
    {
        _name = TableName.Check(name);
        // Without a log of its own: what is in it is needed for a moment. PostgreSQL empties it after a crash.
        CreateSql = $"CREATE UNLOGGED TABLE IF NOT EXISTS {name} (id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea)";
        // One statement: the row is there when the notification comes.
        InsertSql = $"WITH attachment AS (INSERT INTO {name} (payload) VALUES ($3) RETURNING id) SELECT pg_notify($1, $2 || id::text || '\"}}') FROM attachment";
        SelectSql = $"SELECT id, payload FROM {name} WHERE id = ANY($1) AND octet_length(payload) <= $2 ORDER BY id";
        DeleteSql = $"DELETE FROM {name} WHERE created_at < now() - $1";
    }

    public string CreateSql { get; }

    /// <summary>$1 the channel, $2 the text before the id, $3 the message.</summary>
    public string InsertSql { get; }

    /// <summary>$1 the ids, $2 the most bytes.</summary>
    public string SelectSql { get; }

    /// <summary>$1 the age.</summary>
    public string DeleteSql { get; }

    public async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = _name } } };
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    public async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(CreateSql, connection);
        try
        {
            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject)
        {
            // Another server has created it at the same moment: IF NOT EXISTS does not see what is not committed.
        }
    }

    public async Task DeleteOldAsync(NpgsqlConnection connection, TimeSpan age, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(DeleteSql, connection) { Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = age, NpgsqlDbType = NpgsqlDbType.Interval } } };
        await command.ExecuteNonQueryAsync(cancel);
    }
}

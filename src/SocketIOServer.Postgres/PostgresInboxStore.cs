using Npgsql;
using NpgsqlTypes;

namespace SocketIOServer.Postgres;

/// <summary>Inboxes in a table of PostgreSQL, which is created on the first use.</summary>
internal sealed class PostgresInboxStore(NpgsqlDataSource source, bool isOwner, string tableName) : IInboxStore, IAsyncDisposable
{
    private readonly InboxTable _table = new(tableName);
    private volatile bool _isTableThere;

    public async ValueTask<bool> AddAsync(string inbox, ReadOnlyMemory<byte> content, InboxLimits limits, CancellationToken cancel = default)
    {
        await EnsureTableAsync(cancel);
        // One transaction and one round trip. Each statement sees what was committed before it, so the second one sees what the first one has waited for.
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(_table.LockSql) { Parameters = { Name(inbox) } });
        var insert = new NpgsqlBatchCommand(_table.InsertSql)
        {
            Parameters =
            {
                Name(inbox),
                new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = content, NpgsqlDbType = NpgsqlDbType.Bytea },
                new NpgsqlParameter<TimeSpan> { TypedValue = limits.MaxAge, NpgsqlDbType = NpgsqlDbType.Interval },
                Number(limits.MaxMessages),
                Number(limits.MaxBytes),
            },
        };
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(new(_table.CleanSql));
        await RunAsync(batch.ExecuteNonQueryAsync(cancel));
        return insert.RecordsAffected == 1;
    }

    public async ValueTask<IReadOnlyList<InboxMessage>> ReadAsync(string inbox, long after, int count, CancellationToken cancel = default)
    {
        await EnsureTableAsync(cancel);
        await using var select = source.CreateCommand(_table.SelectSql);
        select.Parameters.Add(Name(inbox));
        select.Parameters.Add(Number(after));
        select.Parameters.Add(Number(count));
        await using var rows = await RunAsync(select.ExecuteReaderAsync(cancel));
        var found = new List<InboxMessage>();
        while (await rows.ReadAsync(cancel)) found.Add(new(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)));
        return found;
    }

    public async ValueTask<bool> RemoveAsync(string inbox, long id, CancellationToken cancel = default)
    {
        await EnsureTableAsync(cancel);
        await using var delete = source.CreateCommand(_table.DeleteSql);
        delete.Parameters.Add(Name(inbox));
        delete.Parameters.Add(Number(id));
        return await RunAsync(delete.ExecuteNonQueryAsync(cancel)) == 1;
    }

    public ValueTask DisposeAsync() => isOwner ? source.DisposeAsync() : ValueTask.CompletedTask;

    // Several at once do no harm.
    private async ValueTask EnsureTableAsync(CancellationToken cancel)
    {
        if (_isTableThere) return;
        await _table.CreateAsync(source, cancel);
        _isTableThere = true;
    }

    private async Task<T> RunAsync<T>(Task<T> statement)
    {
        try
        {
            return await statement;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Somebody has removed it, or another PostgreSQL answers now. The next call creates it.
            _isTableThere = false;
            throw;
        }
    }

    // A text of PostgreSQL cannot have U+0000, and clients choose the names of some namespaces.
    private static NpgsqlParameter<string> Name(string inbox) => new()
    {
        TypedValue = inbox.Replace("\u0001", "\u0001\u0001", StringComparison.Ordinal).Replace("\0", "\u00010", StringComparison.Ordinal),
        NpgsqlDbType = NpgsqlDbType.Text,
    };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}

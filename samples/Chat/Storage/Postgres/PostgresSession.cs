using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>Statements on one connection, one at a time. Parameters are $1, $2 and so on, in the order of the arguments.</summary>
internal readonly struct PostgresSession(NpgsqlConnection connection)
{
    /// <summary>How many rows it changed.</summary>
    public async Task<int> RunAsync(string sql, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row; null where there is none.</summary>
    public async Task<long?> NumberAsync(string sql, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        return await command.ExecuteScalarAsync() as long?;
    }

    public async Task<bool> AnyAsync(string sql, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync();
    }

    public async Task<T?> FirstAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] arguments)
        where T : class
    {
        await using var command = Command(sql, arguments);
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() ? read(rows) : null;
    }

    public async Task<List<T>> AllAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] arguments)
    {
        await using var command = Command(sql, arguments);
        await using var rows = await command.ExecuteReaderAsync();
        var all = new List<T>();
        while (await rows.ReadAsync()) all.Add(read(rows));
        return all;
    }

    private NpgsqlCommand Command(string sql, object?[] arguments)
    {
        // The analyzer cannot know that every text here is a constant of this program.
#pragma warning disable CA2100
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var argument in arguments) command.Parameters.Add(new() { Value = argument ?? DBNull.Value });
        return command;
    }
}

using Npgsql;

namespace Chat.Storage.Postgres;

/// <summary>The connections to one database. Any thread.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _connections;

    public PostgresDatabase(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        // Every statement of this program is a constant, so the server plans each of them once for each connection.
        if (settings.MaxAutoPrepare == 0) settings.MaxAutoPrepare = 100;
        _connections = NpgsqlDataSource.Create(settings);
    }

    /// <summary>Runs statements that read, each by itself.</summary>
    public async Task<T> ReadAsync<T>(Func<PostgresSession, Task<T>> read)
    {
        await using var connection = await _connections.OpenConnectionAsync();
        return await read(new(connection));
    }

    /// <summary>Runs statements in one transaction. The call completes after the commit; an exception undoes all of it.</summary>
    public async Task<T> WriteAsync<T>(Func<PostgresSession, Task<T>> write)
    {
        await using var connection = await _connections.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var result = await write(new(connection));
        await transaction.CommitAsync();
        return result;
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}

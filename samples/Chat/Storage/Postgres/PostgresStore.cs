using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;

namespace Chat.Storage.Postgres;

/// <summary>The store in a PostgreSQL database, which several nodes share.</summary>
internal sealed class PostgresStore : IChatStore, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly PostgresMessages _messages;

    private PostgresStore(PostgresDatabase database, long fileBytesPerUser, TimeProvider time)
    {
        _database = database;
        var quota = new PostgresFileQuota(fileBytesPerUser);
        Accounts = new PostgresAccounts(database);
        Rooms = new PostgresRooms(database);
        Messages = _messages = new PostgresMessages(database, quota, time);
        Private = new PostgresPrivate(database, quota, time);
        CookieKeys = new(database);
    }

    public IAccountStore Accounts { get; }

    public IRoomStore Rooms { get; }

    public IMessageStore Messages { get; }

    public IPrivateStore Private { get; }

    /// <summary>With these, a cookie of one node is good on all.</summary>
    public PostgresCookieKeys CookieKeys { get; }

    /// <summary>Creates the tables, or brings them up to this version.</summary>
    public static async Task<PostgresStore> OpenAsync(string connectionString, long fileBytesPerUser, TimeProvider time)
    {
        var database = new PostgresDatabase(connectionString);
        try
        {
            await PostgresSchema.UpgradeAsync(database);
            return new(database, fileBytesPerUser, time);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        _messages.Dispose();
        return _database.DisposeAsync();
    }
}

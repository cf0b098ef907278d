using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;

namespace Chat.Storage.Sqlite;

/// <summary>The store in one SQLite file.</summary>
internal sealed class SqliteStore : IChatStore, IAsyncDisposable
{
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    public SqliteStore(string file, FileQuota quota, TimeProvider time)
    {
        _writer = new(file);
        _readers = new(file);
        Accounts = new SqliteAccounts(_writer, _readers);
        Rooms = new SqliteRooms(_writer, _readers);
        Messages = new SqliteMessages(_writer, _readers, quota, time);
        Private = new SqlitePrivate(_writer, _readers, quota, time);
    }

    public IAccountStore Accounts { get; }

    public IRoomStore Rooms { get; }

    public IMessageStore Messages { get; }

    public IPrivateStore Private { get; }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _readers.Dispose();
    }
}

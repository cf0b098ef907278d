using Chat.Files;
using Chat.Messages;
using Chat.Storage;
using Chat.Storage.Sqlite;

namespace Chat.Tests;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chat-store-");

    private string DatabaseFile => Path.Combine(_folder.FullName, "chat.db");

    [Fact]
    public async Task A_write_that_fails_undoes_itself_and_no_other_in_its_commit()
    {
        await CloseAsync();
        await using var writer = new SqliteWriter(DatabaseFile);
        var add = "INSERT INTO users (name, key, password) VALUES (?1, ?1, '')";
        var writes = Enumerable.Range(0, 20).Select(i => writer.RunAsync(session =>
        {
            session.Run(add, $"user{i}");
            return i % 2 == 0 ? session.Run(add, $"second{i}") : throw new InvalidOperationException($"{i}");
        })).ToArray();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        var names = await writer.RunAsync(session => session.All("SELECT name FROM users ORDER BY id", row => row.GetString(0)));

        Assert.Equal(["Ada", "Bob", .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"user{2 * i}", $"second{2 * i}"])], names);
        Assert.Equal(10, writes.Count(write => write.IsFaulted));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        using (var session = new SqliteSession(DatabaseFile)) session.Execute("PRAGMA user_version = 99");

        Assert.Contains("newer", (await Assert.ThrowsAsync<InvalidOperationException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_before_there_was_a_quota_count_too()
    {
        var file = new NewFile("a.txt", "text/plain", new byte[600_000]);
        await Store.Messages.AddAsync(Text(Message.Global, "old") with { File = file }, Nobody);
        await CloseAsync();
        using (var session = new SqliteSession(DatabaseFile)) session.Execute(
            "DROP INDEX files_by_owner; ALTER TABLE files DROP COLUMN owner; ALTER TABLE files DROP COLUMN size; PRAGMA user_version = 1");
        var again = await OpenAsync();

        Assert.Equal(ErrorCode.StorageFull, (await again.Messages.AddAsync(Text(Message.Global, "new") with { File = file }, Nobody)).Error);
    }

    [Fact]
    public void The_journal_is_written_ahead_and_to_the_disk()
    {
        using var session = new SqliteSession(DatabaseFile);

        Assert.Equal("wal", session.First("PRAGMA journal_mode", row => row.GetString(0)));
        Assert.Equal(2, session.Number("PRAGMA synchronous"));
        Assert.Equal(1, session.Number("PRAGMA foreign_keys"));
    }

    private protected override Task CreateAsync() => Task.CompletedTask;

    private protected override Task<IChatStore> OpenStoreAsync() => Task.Run<IChatStore>(() => new SqliteStore(DatabaseFile, new(1 << 20), TimeProvider.System));

    private protected override Task DropAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }
}

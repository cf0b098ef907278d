using Chat.Accounts;
using Chat.Messages;
using Chat.Storage;

namespace Chat.Tests;

/// <summary>The database itself, where no client can look.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("chat-store-");

    private string DatabaseFile => Path.Combine(_folder.FullName, "chat.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        User ada;
        Message message;
        await using (var store = Open())
        {
            ada = (await store.Accounts.AddAsync("Ada", "hash"))!;
            var room = (await store.Rooms.CreateAsync(ada, "tea")).OrRefuse();
            message = (await store.Messages.AddAsync(Text(room.Id, ada, "kept"), Nobody)).OrRefuse();
        }

        await using var again = Open();

        Assert.Equal(new Account(ada, "hash"), await again.Accounts.FindAsync("ADA"));
        Assert.Equal([message], (await again.Messages.HistoryForAsync(ada.Id, message.Conversation, null)).OrRefuse().Messages);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing_and_get_ids_of_their_own()
    {
        await using var store = Open();
        var ada = (await store.Accounts.AddAsync("Ada", "hash"))!;

        var stored = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => store.Messages.AddAsync(Text(Message.Global, ada, $"{i}"), Nobody)));

        Assert.Equal(1000, stored.Select(outcome => outcome.OrRefuse().Id).Distinct().Count());
        Assert.Equal(1000, await CountAsync(store));
    }

    [Fact]
    public async Task A_write_that_fails_undoes_itself_and_no_other_in_its_commit()
    {
        await using (Open())
        {
        }

        await using var writer = new SqliteWriter(DatabaseFile);
        var add = "INSERT INTO users (name, key, password) VALUES (?1, ?1, '')";
        var writes = Enumerable.Range(0, 20).Select(i => writer.RunAsync(session =>
        {
            session.Run(add, $"user{i}");
            return i % 2 == 0 ? session.Run(add, $"second{i}") : throw new InvalidOperationException($"{i}");
        })).ToArray();
        await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default);

        var names = await writer.RunAsync(session => session.All("SELECT name FROM users ORDER BY id", row => row.GetString(0)));

        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => (string[])[$"user{2 * i}", $"second{2 * i}"]), names);
        Assert.Equal(10, writes.Count(write => write.IsFaulted));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        await using (Open())
        {
        }

        using (var session = new SqliteSession(DatabaseFile)) session.Execute("PRAGMA user_version = 99");

        Assert.Contains("newer", Assert.Throws<InvalidOperationException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_before_there_was_a_quota_count_too()
    {
        NewMessage File(User user, string text) => Text(Message.Global, user, text) with { File = new("a.txt", "text/plain", new byte[600_000]) };
        User ada;
        await using (var store = Open())
        {
            ada = (await store.Accounts.AddAsync("Ada", "hash"))!;
            await store.Messages.AddAsync(File(ada, "old"), Nobody);
        }

        using (var session = new SqliteSession(DatabaseFile)) session.Execute(
            "DROP INDEX files_by_owner; ALTER TABLE files DROP COLUMN owner; ALTER TABLE files DROP COLUMN size; PRAGMA user_version = 1");
        await using var again = Open();

        Assert.Equal(ErrorCode.StorageFull, (await again.Messages.AddAsync(File(ada, "new"), Nobody)).Error);
    }

    [Fact]
    public async Task A_call_whose_telling_fails_fails_alone_and_stays_stored()
    {
        await using var store = Open();
        var ada = (await store.Accounts.AddAsync("Ada", "hash"))!;

        var failing = store.Messages.AddAsync(Text(Message.Global, ada, "one"), _ => throw new InvalidOperationException());
        var other = store.Messages.AddAsync(Text(Message.Global, ada, "two"), Nobody);

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal("two", (await other).OrRefuse().Text);
        Assert.Equal(2, await CountAsync(store));
    }

    [Fact]
    public void The_journal_is_written_ahead_and_to_the_disk()
    {
        using var session = new SqliteSession(DatabaseFile);

        Assert.Equal("wal", session.First("PRAGMA journal_mode", row => row.GetString(0)));
        Assert.Equal(2, session.Number("PRAGMA synchronous"));
        Assert.Equal(1, session.Number("PRAGMA foreign_keys"));
    }

    private static ValueTask Nobody(Message message) => default;

    private static NewMessage Text(long conversation, User user, string text) => new(conversation, user.Id, user.Name, text, Guid.NewGuid().ToString(), null);

    private static async Task<int> CountAsync(SqliteStore store)
    {
        var count = 0;
        for (long? before = null; ;)
        {
            var page = await store.Messages.HistoryAsync(Message.Global, before);
            count += page.Messages.Count;
            if (!page.More) return count;
            before = page.Messages[^1].Id;
        }
    }

    private SqliteStore Open() => new(DatabaseFile, new(1 << 20), TimeProvider.System);
}

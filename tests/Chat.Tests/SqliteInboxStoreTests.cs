using Samples.Inbox;
using SocketIOServer;
using SocketIOServer.Tests.Inboxes;

namespace Chat.Tests;

/// <summary>The store of samples/Inbox.</summary>
public sealed class SqliteInboxStoreTests : InboxStoreContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("inbox-");
    private readonly SqliteInboxStore _store;

    public SqliteInboxStoreTests() => _store = Open();

    protected override IInboxStore Store => _store;

    [Fact]
    public async Task Messages_outlive_the_process()
    {
        await Store.AddAsync("/ user:ada", new byte[] { 1, 0, 255 }, Limits);
        _store.Dispose();

        using var again = Open();
        Assert.Equal([1, 0, 255], Assert.Single(await again.ReadAsync("/ user:ada", 0, 10)).Content.ToArray());
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    protected override Task WaitAsync() => Task.Delay(ShortAge * 1.5);

    private SqliteInboxStore Open() => new(Path.Combine(_folder.FullName, "inbox.db"));
}

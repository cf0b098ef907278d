using Npgsql;
using SocketIOServer.Tests.Inboxes;

namespace SocketIOServer.Postgres.Tests;

/// <summary>Inboxes in a real PostgreSQL.</summary>
public sealed class PostgresInboxStoreTests(PostgresServer server) : InboxStoreContract, IAsyncLifetime
{
    private string _database = "";
    private NpgsqlDataSource _source = null!;
    private PostgresInboxStore _store = null!;

    protected override IInboxStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(server.ConnectionString(_database));
        _store = new(_source, isOwner: true, "inbox");
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Many_servers_create_the_table_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => new PostgresInboxStore(_source, isOwner: false, "public.at_once").AddAsync("/,user:ada", new byte[] { 1 }, Limits with { MaxMessages = 10 }).AsTask()));
        Assert.Equal(10L, await server.ExecuteAsync(_database, "SELECT count(*) FROM at_once"));
    }

    [Fact]
    public async Task A_role_that_may_not_create_tables_uses_one_that_is_there()
    {
        await Store.AddAsync("/,user:ada", new byte[] { 1 }, Limits);
        await server.ExecuteAsync(_database, "CREATE ROLE guest LOGIN PASSWORD 'right'; GRANT SELECT, INSERT, UPDATE, DELETE ON inbox TO guest");
        await using var store = new PostgresInboxStore(NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString(_database)) { Username = "guest" }), isOwner: true, "inbox");

        Assert.True(await store.AddAsync("/,user:ada", new byte[] { 2 }, Limits));
        Assert.Equal([1, 2], (await store.ReadAsync("/,user:ada", 0, 10)).Select(message => message.Content.Span[0]));
    }

    [Fact]
    public async Task A_table_that_was_removed_is_created_by_the_next_call()
    {
        await Store.AddAsync("/,user:ada", new byte[] { 1 }, Limits);
        await server.ExecuteAsync(_database, "DROP TABLE inbox");

        await Assert.ThrowsAsync<PostgresException>(() => Store.AddAsync("/,user:ada", new byte[] { 2 }, Limits).AsTask());
        Assert.True(await Store.AddAsync("/,user:ada", new byte[] { 3 }, Limits));
    }

    [Fact]
    public async Task Expired_messages_of_users_who_never_come_back_are_removed_by_later_adds()
    {
        for (var i = 0; i < 150; i++) await Store.AddAsync($"/,user:{i}", new byte[] { 1 }, Limits with { MaxAge = ShortAge });
        await WaitAsync();
        for (var i = 0; i < 2; i++) await Store.AddAsync("/,user:ada", new byte[] { 1 }, Limits);

        Assert.Equal(2L, await server.ExecuteAsync(_database, "SELECT count(*) FROM inbox"));
    }

    [Fact]
    public async Task A_reader_never_misses_a_message_of_another_server_that_is_added_at_the_same_time()
    {
        var limits = Limits with { MaxMessages = 1000, MaxBytes = 10_000 };
        var adding = Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (byte i = 0; i < 50; i++) Assert.True(await Store.AddAsync("/,user:ada", new[] { (byte)writer, i }, limits));
        })));
        var read = new List<InboxMessage>();
        while (read.Count < 400)
        {
            var isLast = adding.IsCompleted;
            var messages = await Store.ReadAsync("/,user:ada", read.Count == 0 ? 0 : read[^1].Id, 50);
            if (messages.Count == 0 && isLast) break;
            read.AddRange(messages);
        }

        await adding;
        Assert.Equal(400, read.Count);
        foreach (var writer in read.GroupBy(message => message.Content.Span[0])) Assert.Equal(Enumerable.Range(0, 50), writer.Select(message => (int)message.Content.Span[1]));
    }

    [Theory]
    [InlineData("no name")]
    [InlineData("x; DROP TABLE y")]
    public void What_is_no_name_of_a_table_is_refused(string name) => Assert.Throws<ArgumentException>(() => new PostgresInboxStore(_source, isOwner: false, name));

    protected override Task WaitAsync() => Task.Delay(ShortAge * 1.5);
}

using Chat.Messages;
using Chat.Storage;
using Chat.Storage.Postgres;
using Npgsql;

[assembly: AssemblyFixture(typeof(Chat.Tests.PostgresServer))]

namespace Chat.Tests;

public sealed class PostgresStoreTests(PostgresServer server) : StoreContract
{
    private string _database = "";

    // Else a page that has loaded up to the younger message would never ask for the older one.
    [Fact]
    public async Task A_message_becomes_visible_behind_those_with_smaller_ids_of_other_nodes()
    {
        await using var other = new NpgsqlConnection(server.ConnectionString(_database));
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        var older = await AddAsync(new(other));

        var adding = Store.Messages.AddAsync(Text(Message.Global, "younger"), Nobody);
        while (!adding.IsCompleted && await new PostgresSession(other).NumberAsync("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0)
        {
        }

        Assert.False(adding.IsCompleted);
        await transaction.CommitAsync();
        Assert.True((await adding).OrRefuse().Id > older);
    }

    [Fact]
    public async Task Nodes_that_start_at_once_make_the_tables_once()
    {
        await CloseAsync();
        await DropAsync();
        await CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync()));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_left_alone()
    {
        await server.ExecuteAsync(_database, "UPDATE chat_version SET version = 99");

        Assert.Contains("newer", (await Assert.ThrowsAsync<InvalidOperationException>(OpenAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_during_an_outage_fails_and_the_next_one_works()
    {
        await server.ExecuteAsync("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}'");

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Store.Messages.AddAsync(Text(Message.Global, "lost?"), Nobody));
        Assert.Equal("again", (await Store.Messages.AddAsync(Text(Message.Global, "again"), Nobody)).OrRefuse().Text);
    }

    // As another node does, up to the commit.
    private async Task<long> AddAsync(PostgresSession session)
    {
        await PostgresMessages.LockAsync(session, Message.Global);
        return (await PostgresMessages.InsertAsync(session, Text(Message.Global, "older"), null, DateTimeOffset.UtcNow)).Message.Id;
    }

    private protected override async Task CreateAsync() => _database = await server.CreateDatabaseAsync();

    private protected override async Task<IChatStore> OpenStoreAsync() => await PostgresStore.OpenAsync(server.ConnectionString(_database), 1 << 20, TimeProvider.System);

    private protected override Task DropAsync() => server.ExecuteAsync("postgres", $"DROP DATABASE {_database} WITH (FORCE)");
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Postgres.Tests;

/// <summary>Two servers that are one by AddPostgres, over a real PostgreSQL.</summary>
public sealed class AddPostgresTests(PostgresServer server) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];
    private string _database = "";

    private string ConnectionString => server.ConnectionString(_database);

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
    }

    [Fact]
    public async Task Broadcasts_and_rooms_span_the_servers()
    {
        var (first, second) = await StartTwoAsync(io => io.AddPostgres(ConnectionString));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));

        await first.Io.To(there.Id).JoinAsync("a");
        await first.Io.EmitAsync("all", new byte[] { 1, 2 }, "é😀");
        await first.Io.To("a").EmitAsync("room");
        await second.Io.To(here.Id).EmitAsync("for here");

        string[] all = ["""451-["all",{"_placeholder":true,"num":0},"é😀"]""", "b:0102"];
        var (gotHere, gotThere) = (await here.ReadAsync(3), await there.ReadAsync(3));
        Assert.Equal([.. all, """42["for here"]"""], gotHere);
        Assert.Equal([.. all, """42["room"]"""], gotThere);
        Assert.Equal(2, await first.Io.CountAsync());
    }

    [Fact]
    public async Task A_data_source_of_the_program_is_used_and_lives_on()
    {
        var source = NpgsqlDataSource.Create(ConnectionString);
        _owned.Add(source);
        var (first, second) = await StartTwoAsync(io => io.AddPostgres(source));
        var there = await JoinAsync(second);

        await first.Io.EmitAsync("news");
        Assert.Equal("""42["news"]""", await there.ReadAsync());
        await first.DisposeAsync();

        await using var command = source.CreateCommand("SELECT 1");
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_data_source_among_the_services_is_used()
    {
        var (first, second) = await StartTwoAsync(io =>
        {
            io.Services.AddSingleton(NpgsqlDataSource.Create(ConnectionString));
            io.AddPostgres(o => o.Prefix = "shop");
        });
        var there = await JoinAsync(second);

        await first.Io.EmitAsync("news");

        Assert.Equal("""42["news"]""", await there.ReadAsync());
    }

    [Fact]
    public async Task Without_a_connection_the_start_says_what_is_missing()
    {
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => TestHost.StartAsync(build: builder => builder.Services.AddSocketIO().AddPostgres()));

        Assert.Contains("NpgsqlDataSource", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_connection_string_is_refused_at_once()
    {
        var io = WebApplication.CreateSlimBuilder().Services.AddSocketIO();

        Assert.Throws<ArgumentException>(() => io.AddPostgres(" "));
        Assert.Throws<ArgumentException>(() => io.AddPostgres("Host=127.0.0.1;UnheardOf=1"));
    }

    [Fact]
    public async Task Poisoned_messages_are_counted_and_harm_nobody()
    {
        var (first, second) = await StartTwoAsync(io => io.AddPostgres(ConnectionString));
        var there = await JoinAsync(second);
        var node = second.Services.GetRequiredService<SocketServer>().Options.Cluster!;
        await server.ExecuteAsync(_database, "INSERT INTO socket_io_attachments (id, payload) VALUES (900, decode('dfffffffff', 'hex')), (901, decode('93a3', 'hex')), (902, ''), (903, decode(repeat('91', 10000), 'hex'))");
        var before = node.Poisoned;
        string[] poison =
        [
            "", "{", "nonsense", """{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{"rooms":7}},"uid":"x","nsp":"/"}""",
            """{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{}},"uid":"x","nsp":"/other"}""",
            .. Enumerable.Range(900, 5).Select(id => $$"""{"uid":"x","type":3,"attachmentId":"{{id}}"}"""),
            """{"uid":"x","type":3,"attachmentId":"-1"}""",
        ];

        foreach (var text in poison) await server.ExecuteAsync(_database, $"SELECT pg_notify('socket.io#/', '{text}')");

        await first.Io.EmitAsync("next");
        Assert.Equal("""42["next"]""", await there.ReadAsync());
        Assert.Equal(poison.Length, node.Poisoned - before);
    }

    private async Task<(TestHost First, TestHost Second)> StartTwoAsync(Action<ISocketServerBuilder> add)
    {
        var servers = (await StartAsync(add), await StartAsync(add));
        foreach (var host in (TestHost[])[servers.Item1, servers.Item2]) await Eventually.TrueAsync(() => host.Io.Cluster.State == BusState.Alive && host.Io.Cluster.Nodes.Count == 2, () => $"{host.Io.Cluster.State}");
        return servers;
    }

    private async Task<TestHost> StartAsync(Action<ISocketServerBuilder> add)
    {
        var host = await TestHost.StartAsync(io => io.On("ping", () => { }), build: builder => add(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()));
        _owned.Add(host);
        return host;
    }

    private async Task<Client> JoinAsync(TestHost host)
    {
        var client = await Client.JoinAsync(host);
        _owned.Add(client);
        return client;
    }
}

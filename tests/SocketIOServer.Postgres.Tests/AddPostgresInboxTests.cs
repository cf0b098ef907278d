using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Postgres.Tests;

/// <summary>Servers whose inboxes are in one PostgreSQL, which these tests stop.</summary>
public sealed class AddPostgresInboxTests(PostgresFaultTests.Fixture fixture) : IClassFixture<PostgresFaultTests.Fixture>, IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private string _database = "";

    private string ConnectionString => fixture.Server.ConnectionString(_database);

    public async ValueTask InitializeAsync() => _database = await fixture.Server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void A_missing_connection_is_told()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO().AddPostgresInbox();
        using var services = builder.Services.BuildServiceProvider();

        Assert.StartsWith("AddPostgresInbox has no connection", Assert.Throws<InvalidOperationException>(services.GetRequiredService<IInboxStore>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_deliver_each_others_events_which_outlive_both()
    {
        await using (var first = await StartAsync())
        await using (var second = await StartAsync())
        await using (var there = await second.JoinAsync())
        {
            await first.Io.ToUser("ada").Durable.EmitAsync("news", 1, new byte[] { 1, 255 });
            Assert.Equal(["""451-0["news",1,{"_placeholder":true,"num":0}]""", "b:01ff"], await there.ReadAsync(2));
        }

        await using var third = await StartAsync();
        await using (var client = await third.JoinAsync())
        {
            Assert.Equal(["""451-0["news",1,{"_placeholder":true,"num":0}]""", "b:01ff"], await client.ReadAsync(2));
            await client.Socket.SendAsync("430[]");
            await WhenEmptyAsync();
        }

        await using var later = await third.JoinAsync();
        await third.Io.ToUser("ada").Durable.EmitAsync("more");
        Assert.Equal("""420["more"]""", await later.ReadAsync());
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_an_emit_throws_and_afterwards_delivery_goes_on()
    {
        await using var server = await StartAsync();
        await using var client = await server.JoinAsync();
        await server.Io.ToUser("ada").Durable.EmitAsync("news", 1);
        Assert.Equal("""420["news",1]""", await client.ReadAsync());

        await fixture.Server.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => server.Io.ToUser("ada").Durable.EmitAsync("lost").AsTask());
        // The ack cannot be kept, so a later connection gets the event again.
        await client.Socket.SendAsync("430[]");
        await Eventually.TrueAsync(() => server.Host.Log.Lines.Any(line => line.Id.Id == 113), "the log says nothing");
        await server.Io.EmitAsync("live");
        Assert.Equal("""42["live"]""", await client.ReadAsync());

        await fixture.Server.RunAsync();
        await server.Io.ToUser("ada").Durable.EmitAsync("news", 2);
        Assert.Equal("""421["news",2]""", await ReadInTimeAsync(server, client));
        await using var other = await server.JoinAsync();
        Assert.Equal(["""420["news",1]""", """421["news",2]"""], await other.ReadAsync(2));
    }

    [Fact]
    public async Task A_server_that_starts_before_PostgreSQL_delivers_when_it_is_there()
    {
        await fixture.Server.KillAsync();
        await using var server = await StartAsync();
        await using var client = await server.JoinAsync();
        await Eventually.TrueAsync(() => server.Host.Log.Lines.Any(line => line.Id.Id == 113), "the log says nothing");

        await fixture.Server.RunAsync();
        await server.Io.ToUser("ada").Durable.EmitAsync("news");
        Assert.Equal("""420["news"]""", await ReadInTimeAsync(server, client));
    }

    [Fact]
    public async Task The_data_source_of_the_program_is_used_and_lives_on()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using (var server = await StartAsync(io => io.AddPostgresInbox(source, "mine"))) await server.Io.ToUser("ada").Durable.EmitAsync("news");
        await using var command = source.CreateCommand("SELECT count(*) FROM mine");
        Assert.Equal(1L, await command.ExecuteScalarAsync());

        await using (var server = await StartAsync(io =>
        {
            io.Services.AddSingleton(source);
            io.AddPostgresInbox();
        })) await server.Io.ToUser("ada").Durable.EmitAsync("news");
        Assert.Equal(1L, await CountAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_arguments_the_store_takes_the_database_of_the_bus_and_turns_the_option_on(bool hasSource)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using (var server = await Server.StartAsync(null, builder: builder =>
        {
            var io = builder.Services.AddSocketIO().AddPostgresInbox();
            if (hasSource) io.AddPostgres(source);
            else io.AddPostgres(ConnectionString);
        })) await server.Io.ToUser("ada").Durable.EmitAsync("news");

        Assert.Equal(1L, await CountAsync());
        await using var command = source.CreateCommand("SELECT 1");
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    [Fact]
    public void What_cannot_be_a_connection_string_or_a_name_is_refused_at_once()
    {
        var io = WebApplication.CreateSlimBuilder().Services.AddSocketIO();

        Assert.Throws<ArgumentException>(() => io.AddPostgresInbox("Host=127.0.0.1;UnheardOf=1"));
        Assert.Throws<ArgumentException>(() => io.AddPostgresInbox("Host=127.0.0.1", "a b"));
    }

    // The server tries again after a pause of its clock.
    private static async Task<string> ReadInTimeAsync(Server server, Client client)
    {
        while (true)
        {
            var reading = client.ReadAsync();
            while (await Task.WhenAny(reading, Task.Delay(5)) != reading) server.Host.Time.Advance(TimeSpan.FromMilliseconds(500));
            if (await reading is not "2" and var text) return text;
            await client.Socket.SendAsync("3");
        }
    }

    private async Task<long> CountAsync() => (long)(await fixture.Server.ExecuteAsync(_database, "SELECT count(*) FROM socket_io_inbox"))!;

    private async Task WhenEmptyAsync()
    {
        while (await CountAsync() > 0) await Task.Delay(5).WaitAsync(TestHost.Patience);
    }

    private Task<Server> StartAsync(Action<ISocketServerBuilder>? add = null) => Server.StartAsync(
        _bus.Connect(),
        options: o => o.Inbox = new(),
        builder: builder =>
        {
            var io = builder.Services.AddSocketIO();
            if (add is null) io.AddPostgresInbox(ConnectionString);
            else add(io);
        },
        use: app => app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ada")], "test"));
            return next(context);
        }));
}

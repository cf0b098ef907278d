using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Tests.Inboxes;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests;

/// <summary>Inboxes in a real Redis.</summary>
public sealed class RedisInboxTests(RedisFixture fixture) : InboxStoreContract, IClassFixture<RedisFixture>, IAsyncLifetime
{
    // Each test has inboxes of its own.
    private readonly string _prefix = Guid.NewGuid().ToString();
    private ConnectionMultiplexer _connection = null!;
    private RedisInboxStore _store = null!;

    protected override IInboxStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);
        _store = new(() => Task.FromResult<IConnectionMultiplexer>(_connection), isOwner: true, _prefix);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Redis_drops_an_inbox_after_the_time_of_its_last_message()
    {
        for (var i = 0; i < 3; i++) await Store.AddAsync("/ user:gone", new byte[] { 58, 0, 58 }, Limits with { MaxAge = ShortAge });
        var keys = await KeysAsync();
        Assert.Equal(2, keys.Length);
        Assert.All(await Task.WhenAll(keys.Select(key => _connection.GetDatabase().KeyTimeToLiveAsync(key))), time => Assert.InRange(time!.Value, TimeSpan.Zero, ShortAge + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_missing_configuration_is_told()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSocketIO().AddRedisInbox();
        using var services = builder.Services.BuildServiceProvider();

        Assert.StartsWith("AddRedisInbox has no configuration", Assert.Throws<InvalidOperationException>(services.GetRequiredService<IInboxStore>).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_arguments_the_store_takes_the_Redis_and_the_prefix_of_the_bus_and_turns_the_option_on(bool streams)
    {
        await using var server = await Server.StartAsync(null, builder: builder =>
        {
            var io = builder.Services.AddSocketIO().AddRedisInbox();
            if (streams) io.AddRedisStreams(o => (o.Configuration, o.Prefix, o.StreamName) = (fixture.Redis.Configuration, _prefix, _prefix));
            else io.AddRedis(o => (o.Configuration, o.Prefix) = (fixture.Redis.Configuration, _prefix));
        });

        await server.Io.ToUser("ada").Durable.EmitAsync("news", 1);

        Assert.Contains((RedisKey)(_prefix + ":inbox:{/,user:ada}"), await KeysAsync());
    }

    [Fact]
    public async Task The_connection_of_the_program_is_used_if_the_server_has_no_Redis_of_its_own()
    {
        await using var server = await Server.StartAsync(null, builder: builder =>
        {
            builder.Services.AddSingleton<IConnectionMultiplexer>(_connection);
            builder.Services.AddSocketIO().AddRedisInbox();
        });
        var user = Guid.NewGuid().ToString();

        await server.Io.ToUser(user).Durable.EmitAsync("news", 1);

        Assert.True(await _connection.GetDatabase().KeyExistsAsync($"socket.io:inbox:{{/,user:{user}}}"));
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
        await using var client = await third.JoinAsync();
        Assert.Equal(["""451-0["news",1,{"_placeholder":true,"num":0}]""", "b:01ff"], await client.ReadAsync(2));
        await client.Socket.SendAsync("430[]");
        await client.Socket.SendAsync("""421["ping"]""");
        Assert.Equal("431[]", await client.ReadAsync());
    }

    protected override Task WaitAsync() => Task.Delay(ShortAge * 1.5);

    private async Task<RedisKey[]> KeysAsync()
    {
        var keys = new List<RedisKey>();
        await foreach (var key in _connection.GetServers()[0].KeysAsync(pattern: _prefix + "*")) keys.Add(key);
        return [.. keys];
    }

    private Task<Server> StartAsync() => Server.StartAsync(
        null,
        options: o => o.Inbox = new(),
        builder: builder => builder.Services.AddSocketIO().AddRedis(o => o.Configuration = fixture.Redis.Configuration).AddRedisInbox(fixture.Redis.Configuration, _prefix),
        use: app => app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ada")], "test"));
            return next(context);
        }));
}

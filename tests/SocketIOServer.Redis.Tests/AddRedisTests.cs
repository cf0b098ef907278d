using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests;

/// <summary>Two servers that are one by AddRedis, over a real Redis.</summary>
public sealed class AddRedisTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _owned = [];
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task By_default_a_server_speaks_with_createAdapter_of_Node()
    {
        var (first, second) = await StartTwoAsync(io => io.AddRedis($"127.0.0.1:{_redis.Port}"));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));

        await first.Io.To(there.Id).EmitAsync("you");
        await _redis.ExecuteAsync("PUBLISH", "socket.io#/#", Convert.FromHexString("93a7656d697474657283a47479706502a46461746192a2686901a36e7370a12f83a5726f6f6d7390a5666c61677380a665786365707490"));

        Assert.Equal("""42["hi",1]""", await here.ReadAsync());
        Assert.Equal(["""42["hi",1]""", """42["you"]"""], (await there.ReadAsync(2)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Broadcasts_and_rooms_span_the_servers()
    {
        var (first, second) = await StartTwoAsync(io => io.AddRedis(o => (o.Configuration, o.Wire) = (_redis.Configuration, RedisWire.Sharded)));
        var (here, there) = (await JoinAsync(first), await JoinAsync(second));
        await first.Io.To(there.Id).JoinAsync("a", "b");
        await first.Io.To(there.Id).LeaveAsync("b");
        await _redis.SubscribedAsync("SHARDNUMSUB", "socket.io#/#a#", 1);
        // The leave travels on the main channel, and an event for the room on the room's: the two have no order between them.
        for (var i = 0; await second.Io.To("b").Local.CountAsync() > 0; i++)
        {
            Assert.True(i < 5000, "the socket did not leave");
            await Task.Delay(1);
        }

        await first.Io.EmitAsync("all", new byte[] { 1, 2 }, "é😀");
        await first.Io.To("a").EmitAsync("room");
        await first.Io.To("b").EmitAsync("left");
        await first.Io.To("a", "b").Except(here.Id).EmitAsync("two rooms");
        await second.Io.To(here.Id).EmitAsync("for here");

        string[] all = ["""451-["all",{"_placeholder":true,"num":0},"é😀"]""", "b:0102"];
        var gotHere = await here.ReadAsync(3);
        Assert.Equal([.. all, """42["for here"]"""], gotHere);
        // An event to one room travels on that room's channel, which has an order of its own.
        var got = await there.ReadAsync(4);
        Assert.Equal([.. all, """42["two rooms"]"""], got.Where(text => text != """42["room"]"""));
        Assert.Contains("""42["room"]""", got);
        await first.Io.To(there.Id).DisconnectAsync();
        Assert.Equal("41", await there.ReadAsync());
    }

    [Fact]
    public async Task The_configuration_of_a_multiplexer_among_the_services_is_used()
    {
        await using var shared = await ConnectionMultiplexer.ConnectAsync(_redis.Configuration);
        var (first, second) = await StartTwoAsync(io =>
        {
            io.Services.AddSingleton<IConnectionMultiplexer>(shared);
            io.AddRedis(o => o.Prefix = "shop");
        }, "shop");
        var there = await JoinAsync(second);

        await first.Io.EmitAsync("news");

        Assert.Equal("""42["news"]""", await there.ReadAsync());
    }

    [Fact]
    public async Task Without_any_configuration_the_start_says_what_is_missing()
    {
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => TestHost.StartAsync(build: builder => builder.Services.AddSocketIO().AddRedis()));

        Assert.Contains("IConnectionMultiplexer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_connection_string_is_refused_at_once()
    {
        var io = WebApplication.CreateSlimBuilder().Services.AddSocketIO();

        Assert.Throws<ArgumentException>(() => io.AddRedis(" "));
        Assert.Throws<ArgumentException>(() => io.AddRedis("127.0.0.1,unheardOf=1"));
    }

    [Fact]
    public async Task Poisoned_messages_harm_nobody()
    {
        var (first, second) = await StartTwoAsync(io => io.AddRedis(_redis.Configuration));
        var there = await JoinAsync(second);

        foreach (var poison in (string[])["", "{", "nonsense", """{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{"rooms":7}},"uid":"x","nsp":"/"}"""])
        {
            await _redis.ExecuteAsync("PUBLISH", "socket.io#/#", poison);
            await _redis.ExecuteAsync("PUBLISH", "socket.io-request#/#", poison);
            await _redis.ExecuteAsync("PUBLISH", "socket.io-response#/#", poison);
        }

        await first.Io.EmitAsync("next");

        Assert.Equal("""42["next"]""", await there.ReadAsync());
    }

    private async Task<(TestHost First, TestHost Second)> StartTwoAsync(Action<ISocketServerBuilder> add, string prefix = "socket.io")
    {
        var servers = (await StartAsync(add), await StartAsync(add));
        await Task.WhenAny(_redis.SubscribedAsync("SHARDNUMSUB", $"{prefix}#/#", 2), _redis.SubscribedAsync("NUMSUB", $"{prefix}-response#/#", 2));
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

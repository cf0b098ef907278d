using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Python;

/// <summary>A server with AddPython and no other bus, over a real Redis. The test speaks for Python.</summary>
public sealed class AddPythonTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Theory]
    [InlineData("socketio")]
    [InlineData("flask-socketio")]
    public async Task By_default_a_server_listens_to_both_channels_and_publishes_to_that_of_python_socketio(string channel)
    {
        await using var host = await StartAsync(io => io.AddPython($"127.0.0.1:{fixture.Redis.Port}"));
        await using var client = await Client.JoinAsync(host);
        await fixture.Redis.SubscribedAsync("NUMSUB", channel, 1);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);
        var published = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("socketio"));

        await fixture.Redis.ExecuteAsync("PUBLISH", channel, """{"method": "emit", "event": "hi", "data": [1], "room": null, "skip_sid": null}""");
        Assert.Equal("""42["hi",1]""", await client.ReadAsync());
        await host.Io.EmitAsync("news");

        string text;
        do text = (await published.ReadAsync().AsTask().WaitAsync(TestHost.Patience)).Message!;
        while (!text.Contains("news", StringComparison.Ordinal));
        Assert.StartsWith("""{"method":"emit","event":"news","data":[],"binary":false,"namespace":"/","room":null,"skip_sid":null,"callback":null,"host_id":""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_namespace_has_its_own_events()
    {
        await using var host = await StartAsync(io => io.AddPython(o => o.Configuration = fixture.Redis.Configuration), io => io.Of("/chat").On("unused", () => { }));
        await using var client = await Client.JoinAsync(host, "/chat");
        await fixture.Redis.SubscribedAsync("NUMSUB", "socketio", 1);

        foreach (var name in (string[])["/", "/elsewhere", "/chat"])
            await fixture.Redis.ExecuteAsync("PUBLISH", "socketio", Encoding.UTF8.GetBytes($$"""{"method":"emit","event":"in","data":["{{name}}"],"namespace":"{{name}}"}"""));

        Assert.Equal("""42/chat,["in","/chat"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task The_configuration_of_a_multiplexer_among_the_services_is_used()
    {
        await using var shared = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);
        await using var host = await StartAsync(io =>
        {
            io.Services.AddSingleton<IConnectionMultiplexer>(shared);
            io.AddPython(o => o.Channel = "shared");
        });

        await fixture.Redis.SubscribedAsync("NUMSUB", "shared", 1);
    }

    [Fact]
    public async Task Wrong_settings_are_told_at_the_start()
    {
        var missing = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => StartAsync(io => io.AddPython()));
        Assert.StartsWith("AddPython has no configuration", missing.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => StartAsync(io => io.AddPython(o => (o.Configuration, o.Channel) = (fixture.Redis.Configuration, ""))));
        Assert.Throws<ArgumentException>(() => WebApplication.CreateSlimBuilder().Services.AddSocketIO().AddPython(" "));
    }

    [Fact]
    public async Task A_second_call_adds_no_second_bridge()
    {
        await using var host = await StartAsync(io => io.AddPython(fixture.Redis.Configuration.ToString()).AddPython(o => o.DecodePickle = true));

        Assert.Single(host.Services.GetRequiredService<SocketServer>().Options.Bridges);
    }

    private static Task<TestHost> StartAsync(Action<ISocketServerBuilder> add, Action<SocketEndpointBuilder>? map = null) =>
        TestHost.StartAsync(map, build: builder => add(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()));
}

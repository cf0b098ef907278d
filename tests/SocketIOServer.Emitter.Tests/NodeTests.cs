using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Cluster.Tests.Node;
using SocketIOServer.Redis;
using SocketIOServer.Redis.Tests;
using StackExchange.Redis;

namespace SocketIOServer.Emitter.Tests;

/// <summary>A server of Node alone hears the emitter, answers it, and does not take it for a server.</summary>
[Trait("With", "Node")]
public sealed class NodeTests
{
    [Theory]
    [InlineData("classic")]
    [InlineData("static")]
    [InlineData("dynamic")]
    [InlineData("streams-1")]
    public async Task Node_servers_take_part(string mode)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await NodeServer.StartAsync($"redis://127.0.0.1:{redis.Port}", mode);
        await using var client = await Client.JoinAsync(await SocketClient.ConnectAsync(node.Address));
        await using var io = SocketEmitter.Create(emitter => Add(emitter, mode, redis.Configuration));

        await io.EmitAsync("all", new byte[] { 7 }, "é");
        Assert.Equal(["""451-["all",{"_placeholder":true,"num":0},"é"]""", "b:07"], await client.ReadAsync(2));
        await io.To(client.Id).JoinAsync("a");
        if (mode == "dynamic") await redis.SubscribedAsync("SHARDNUMSUB", "socket.io#/#a#", 1);
        await io.To("a").EmitAsync("room");
        Assert.Equal("""42["room"]""", await client.ReadAsync());

        var asking = io.CallAsync<int>("who", 7);
        await client.AnswerAsync("[5]");
        var reply = await asking.Soon();
        Assert.Equal([5], reply.Replies.Values);
        Assert.Empty(reply.MissingNodes);
        var socket = Assert.Single(await io.FetchSocketsAsync().Soon());
        Assert.Equal([client.Id, "a"], socket.Rooms);
        Assert.Equal(1, await io.CountAsync().Soon());

        await io.Cluster.EmitAsync("tell", 9);
        while ((await node.RunAsync(["told"])).GetArrayLength() == 0) await Task.Delay(5);
        Assert.Equal([3], (await io.Cluster.CallArgsAsync<int>("sum", [1, 2]).Soon()).Replies.Values);
        // It would wait for the emitter's answer.
        Assert.Equal(1, (await node.RunAsync(["fetchSockets"]).Soon()).GetArrayLength());

        await io.To("a").DisconnectAsync();
        Assert.Equal("41", await client.ReadAsync());
    }

    private static ISocketServerBuilder Add(ISocketServerBuilder emitter, string mode, ConfigurationOptions redis) => mode switch
    {
        "classic" => emitter.AddRedis(redis),
        "streams-1" => emitter.AddRedisStreams(redis),
        _ => emitter.AddRedis(o => (o.Configuration, o.Wire, o.Rooms) = (redis, RedisWire.Sharded, mode == "dynamic" ? RoomChannels.Dynamic : RoomChannels.Static)),
    };
}

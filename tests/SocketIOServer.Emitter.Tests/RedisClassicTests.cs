using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over Redis with the messages of Node's createAdapter.</summary>
public sealed class RedisClassicTests(RedisFixture fixture) : EmitterContract, IClassFixture<RedisFixture>
{
    protected override IClusterBus Connect() => new RedisBus(new() { Configuration = fixture.Redis.Configuration }, TimeProvider.System, NullLogger.Instance);

    protected override ClusterWire CreateWire() => new ClassicWire(Prefix);

    protected override void AddBus(ISocketServerBuilder emitter) => emitter.AddRedis(o => (o.Configuration, o.Prefix) = (fixture.Redis.Configuration, Prefix));

    [Fact]
    public async Task The_engine_does_not_count_the_emitter_among_the_servers()
    {
        await Io.CountAsync();
        await using var database = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);

        var counted = (RedisResult[])(await database.GetDatabase().ExecuteAsync("PUBSUB", "NUMSUB", $"{Prefix}-nodes#", $"{Prefix}-request#/#"))!;

        // A server that starts waits until so many have answered it, and expects answers of so many.
        Assert.Equal([2, 2], [(long)counted[1], (long)counted[3]]);
    }
}

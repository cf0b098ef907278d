using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Redis;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over Redis with the messages of Node's createShardedAdapter.</summary>
public sealed class RedisShardedTests(RedisFixture fixture) : EmitterContract, IClassFixture<RedisFixture>
{
    protected override IClusterBus Connect() => new RedisBus(new() { Configuration = fixture.Redis.Configuration, IsSharded = true }, TimeProvider.System, NullLogger.Instance);

    protected override ClusterWire CreateWire() => new JsonWire(Prefix, RoomChannels.Dynamic);

    protected override void AddBus(ISocketServerBuilder emitter) =>
        emitter.AddRedis(o => (o.Configuration, o.Prefix, o.Wire) = (fixture.Redis.Configuration, Prefix, RedisWire.Sharded));
}

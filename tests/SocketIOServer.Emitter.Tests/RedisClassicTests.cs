using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Redis;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over Redis with the messages of Node's createAdapter.</summary>
public sealed class RedisClassicTests(RedisFixture fixture) : EmitterContract, IClassFixture<RedisFixture>
{
    protected override IClusterBus Connect() => new RedisBus(new() { Configuration = fixture.Redis.Configuration }, TimeProvider.System, NullLogger.Instance);

    protected override ClusterWire CreateWire() => new ClassicWire(Prefix);

    protected override void AddBus(ISocketServerBuilder emitter) => emitter.AddRedis(o => (o.Configuration, o.Prefix) = (fixture.Redis.Configuration, Prefix));
}

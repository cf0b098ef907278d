using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Redis;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over streams of Redis.</summary>
public sealed class RedisStreamsTests(RedisFixture fixture) : EmitterContract, IClassFixture<RedisFixture>
{
    protected override IClusterBus Connect() => new RedisBus(new() { Configuration = fixture.Redis.Configuration }, TimeProvider.System, NullLogger.Instance);

    protected override IClusterLog CreateLog() => new StreamLog(fixture.Redis.Configuration, Options(new()), TimeProvider.System, NullLogger.Instance);

    protected override ClusterWire CreateWire() => new StreamsWire(Prefix);

    protected override void AddBus(ISocketServerBuilder emitter) => emitter.AddRedisStreams(o => Options(o).Configuration = fixture.Redis.Configuration);

    private RedisStreamsOptions Options(RedisStreamsOptions options)
    {
        (options.StreamName, options.Prefix) = (Prefix, Prefix);
        return options;
    }
}

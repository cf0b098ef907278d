using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>The messages of Node's createShardedAdapter, static.</summary>
public sealed class ShardedStaticContractTests(RedisFixture fixture) : RedisContract(fixture)
{
    private protected override bool IsSharded => true;

    protected override ClusterWire CreateWire() => new JsonWire(Prefix, RoomChannels.Static);
}

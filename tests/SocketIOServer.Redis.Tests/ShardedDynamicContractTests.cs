using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>The messages of Node's createShardedAdapter, dynamic.</summary>
public sealed class ShardedDynamicContractTests(RedisFixture fixture) : RedisContract(fixture)
{
    private protected override bool IsSharded => true;

    protected override ClusterWire CreateWire() => new JsonWire(Prefix, RoomChannels.Dynamic);
}

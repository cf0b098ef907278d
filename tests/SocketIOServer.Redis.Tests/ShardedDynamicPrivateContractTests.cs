using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>The messages of Node's createShardedAdapter, dynamic-private.</summary>
public sealed class ShardedDynamicPrivateContractTests(RedisFixture fixture) : RedisContract(fixture)
{
    private protected override bool IsSharded => true;

    protected override ClusterWire CreateWire() => new JsonWire(Prefix, RoomChannels.DynamicPrivate);
}

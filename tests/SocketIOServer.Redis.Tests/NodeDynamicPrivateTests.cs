namespace SocketIOServer.Redis.Tests;

/// <summary>With a server of Node that has createShardedAdapter, subscriptionMode dynamic-private.</summary>
[Trait("With", "Node")]
public sealed class NodeDynamicPrivateTests(NodeDynamicPrivateTests.Fixture fixture) : RedisNodeContract(fixture), IClassFixture<NodeDynamicPrivateTests.Fixture>
{
    public sealed class Fixture() : NodeFixture("dynamic-private");
}

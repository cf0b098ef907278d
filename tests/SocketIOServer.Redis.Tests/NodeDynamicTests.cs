namespace SocketIOServer.Redis.Tests;

/// <summary>With a server of Node that has createShardedAdapter, subscriptionMode dynamic.</summary>
[Trait("With", "Node")]
public sealed class NodeDynamicTests(NodeDynamicTests.Fixture fixture) : RedisNodeContract(fixture), IClassFixture<NodeDynamicTests.Fixture>
{
    public sealed class Fixture() : NodeFixture("dynamic");
}

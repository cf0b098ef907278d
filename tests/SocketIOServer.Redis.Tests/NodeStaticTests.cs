namespace SocketIOServer.Redis.Tests;

/// <summary>With a server of Node that has createShardedAdapter, subscriptionMode static.</summary>
[Trait("With", "Node")]
public sealed class NodeStaticTests(NodeStaticTests.Fixture fixture) : RedisNodeContract(fixture), IClassFixture<NodeStaticTests.Fixture>
{
    public sealed class Fixture() : NodeFixture("static");
}

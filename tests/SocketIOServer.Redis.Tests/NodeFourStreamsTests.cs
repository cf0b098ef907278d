namespace SocketIOServer.Redis.Tests;

/// <summary>With a server of Node that has createAdapter of @socket.io/redis-streams-adapter, streamCount 4.</summary>
[Trait("With", "Node")]
public sealed class NodeFourStreamsTests(NodeFourStreamsTests.Fixture fixture) : RedisNodeContract(fixture), IClassFixture<NodeFourStreamsTests.Fixture>
{
    public sealed class Fixture() : NodeFixture("streams-4");
}

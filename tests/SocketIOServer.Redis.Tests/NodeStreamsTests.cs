namespace SocketIOServer.Redis.Tests;

/// <summary>With a server of Node that has createAdapter of @socket.io/redis-streams-adapter, streamCount 1.</summary>
[Trait("With", "Node")]
public sealed class NodeStreamsTests(NodeStreamsTests.Fixture fixture) : RedisNodeContract(fixture), IClassFixture<NodeStreamsTests.Fixture>
{
    public sealed class Fixture() : NodeFixture("streams-1");
}

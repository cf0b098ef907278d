namespace SocketIOServer.Redis.Tests;

/// <summary>One stream; clients get all events in its order.</summary>
public sealed class OrderedStreamsContractTests(RedisFixture fixture) : StreamsContract(fixture)
{
    protected override bool DeliversInOrder => true;
}

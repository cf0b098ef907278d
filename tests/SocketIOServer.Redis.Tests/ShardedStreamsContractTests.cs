namespace SocketIOServer.Redis.Tests;

/// <summary>Four streams with the order of each, and sharded channels for all else.</summary>
public sealed class ShardedStreamsContractTests(RedisFixture fixture) : StreamsContract(fixture)
{
    protected override int StreamCount => 4;

    protected override bool DeliversInOrder => true;

    private protected override bool IsSharded => true;
}

namespace SocketIOServer.Redis.Tests;

/// <summary>Four streams, and the three with negative numbers.</summary>
public sealed class FourStreamsContractTests(RedisFixture fixture) : StreamsContract(fixture)
{
    protected override int StreamCount => 4;
}

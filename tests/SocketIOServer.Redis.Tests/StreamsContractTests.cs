namespace SocketIOServer.Redis.Tests;

/// <summary>One stream; clients get the events of their own server at once.</summary>
public sealed class StreamsContractTests(RedisFixture fixture) : StreamsContract(fixture);

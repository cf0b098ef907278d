using SocketIOServer.Redis.Tests;

namespace SocketIOServer.Emitter.Tests;

/// <summary>One Redis for all tests of a class.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    internal RedisServer Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Redis = await RedisServer.StartAsync();

    public ValueTask DisposeAsync() => Redis.DisposeAsync();
}

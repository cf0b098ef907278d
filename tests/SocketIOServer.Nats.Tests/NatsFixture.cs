namespace SocketIOServer.Nats.Tests;

/// <summary>One NATS server for all tests of a class.</summary>
public sealed class NatsFixture : IAsyncLifetime
{
    internal NatsServer Nats { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Nats = await NatsServer.StartAsync();

    public ValueTask DisposeAsync() => Nats.DisposeAsync();
}

using SocketIOServer.Cluster.Tests.Node;

namespace SocketIOServer.Redis.Tests;

/// <summary>One Redis with one server of Node for all tests of a class.</summary>
/// <param name="mode">See <see cref="NodeServer.StartAsync"/>.</param>
public abstract class NodeFixture(string mode) : IAsyncLifetime
{
    internal RedisServer Redis { get; private set; } = null!;

    public NodeServer Node { get; private set; } = null!;

    public string Mode => mode;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        Node = await NodeServer.StartAsync($"redis://127.0.0.1:{Redis.Port}", mode);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

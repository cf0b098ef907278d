using SocketIOServer.Cluster.Tests.Node;

namespace SocketIOServer.Redis.Tests.Recovery;

/// <summary>One Redis with two servers of Node that recover sessions, for all tests of a class.</summary>
public sealed class NodeRecoveryFixture : IAsyncLifetime
{
    internal RedisServer Redis { get; private set; } = null!;

    public IReadOnlyList<NodeServer> Nodes { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync();
        var engine = $"redis://127.0.0.1:{Redis.Port}";
        Nodes = await Task.WhenAll(NodeServer.StartAsync(engine, "recovery"), NodeServer.StartAsync(engine, "recovery"));
        // Node begins with what comes after its first XREAD.
        await Eventually.TrueAsync(async () => ((string?)await Redis.ExecuteAsync("CLIENT", "LIST"))!.Split("cmd=xread").Length > Nodes.Count, "Node does not read");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        await Redis.DisposeAsync();
    }
}

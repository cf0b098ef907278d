using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>The messages of Node's createAdapter.</summary>
public sealed class ClassicContractTests(RedisFixture fixture) : RedisContract(fixture)
{
    private protected override bool IsSharded => false;

    protected override ClusterWire CreateWire() => new ClassicWire(Prefix);
}

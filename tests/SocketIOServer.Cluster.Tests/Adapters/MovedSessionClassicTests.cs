namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>With the messages of Node's classic Redis adapter.</summary>
public sealed class MovedSessionClassicTests : MovedSessionTests
{
    private protected override ClusterWire CreateWire() => new ClassicWire();
}

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus in the process, servers: 3, messages of Node's classic Redis adapter.</summary>
public sealed class InProcessThreeClassicContractTests : AdapterContract
{
    private readonly InProcessBus _bus = new();

    protected override int ServerCount => 3;

    protected override IClusterBus Connect() => _bus.Connect();

    protected override ClusterWire CreateWire() => new ClassicWire();
}

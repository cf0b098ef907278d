namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus in the process, servers: 1, rooms: Static.</summary>
public sealed class InProcessOneContractTests : AdapterContract
{
    private readonly InProcessBus _bus = new();

    protected override int ServerCount => 1;

    protected override IClusterBus Connect() => _bus.Connect();

    protected override ClusterWire CreateWire() => new JsonWire(rooms: RoomChannels.Static);
}

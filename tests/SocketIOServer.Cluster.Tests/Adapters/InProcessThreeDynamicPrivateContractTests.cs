namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus in the process, servers: 3, rooms: DynamicPrivate.</summary>
public sealed class InProcessThreeDynamicPrivateContractTests : AdapterContract
{
    private readonly InProcessBus _bus = new();

    protected override int ServerCount => 3;

    protected override IClusterBus Connect() => _bus.Connect();

    protected override ClusterWire CreateWire() => new JsonWire(rooms: RoomChannels.DynamicPrivate);
}

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus in the process that does not count, servers: 3, messages of Node's PostgreSQL adapter.</summary>
public sealed class InProcessThreePostgresContractTests : AdapterContract
{
    private readonly InProcessBus _bus = new();

    protected override int ServerCount => 3;

    protected override IClusterBus Connect() => new FaultyBus(_bus.Connect()) { Counts = false };

    protected override ClusterWire CreateWire() => new PostgresWire();
}

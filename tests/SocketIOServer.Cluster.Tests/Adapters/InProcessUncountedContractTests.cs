namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus whose engine does not count subscribers, as PostgreSQL and NATS.</summary>
public sealed class InProcessUncountedContractTests : AdapterContract
{
    private readonly InProcessBus _bus = new();

    protected override int ServerCount => 3;

    protected override IClusterBus Connect() => new FaultyBus(_bus.Connect()) { Counts = false };
}

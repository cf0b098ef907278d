namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>One server without a cluster.</summary>
public sealed class InMemoryContractTests : AdapterContract
{
    protected override int ServerCount => 1;

    protected override IClusterBus? Connect() => null;
}

using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over the bus in the process.</summary>
public sealed class InProcessTests : EmitterContract
{
    private readonly InProcessBus _bus = new();

    protected override IClusterBus Connect() => _bus.Connect();

    protected override ClusterWire CreateWire() => new JsonWire();

    protected override void AddBus(ISocketServerBuilder emitter) => emitter.AddClusterBus(_ => _bus.Connect());
}

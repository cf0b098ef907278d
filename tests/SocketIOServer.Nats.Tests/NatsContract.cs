using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Nats.Tests;

/// <summary>What every bus has to pass, over a real NATS server: two servers, one way of channels a class.</summary>
public abstract class NatsContract(NatsFixture fixture, RoomChannels rooms) : AdapterContract, IClassFixture<NatsFixture>
{
    /// <summary>Tests of one class share a NATS server.</summary>
    private readonly string _prefix = $"test-{Guid.NewGuid():N}";

    protected override int ServerCount => 2;

    protected override ClusterWire CreateWire() => new JsonWire(_prefix, rooms);

    protected override IClusterBus Connect() => new NatsBus(new() { Connection = fixture.Nats.Opts }, TimeProvider.System, NullLogger.Instance);

    protected override async Task SettleAsync()
    {
        await SubscribedAsync();
        // An answer comes behind whatever its server was told before.
        foreach (var server in Servers) await server.Io.CountAsync();
        await SubscribedAsync();
    }

    // A bus subscribes in order.
    private async Task SubscribedAsync()
    {
        foreach (var server in Servers)
        {
            await using var last = server.Bus.Subscribe(new($"last-{Guid.NewGuid():N}"), (_, _) => { });
            await last.Ready.WaitAsync(TestHost.Patience);
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;
using SocketIOServer.Nats;
using SocketIOServer.Nats.Tests;

namespace SocketIOServer.Emitter.Tests;

/// <summary>Over NATS.</summary>
public sealed class NatsTests(NatsTests.Fixture fixture) : EmitterContract, IClassFixture<NatsTests.Fixture>
{
    protected override IClusterBus Connect() => new NatsBus(new() { Connection = fixture.Nats.Opts }, TimeProvider.System, NullLogger.Instance);

    protected override ClusterWire CreateWire() => new JsonWire(Prefix);

    protected override void AddBus(ISocketServerBuilder emitter) => emitter.AddNats(o => (o.Connection, o.Prefix) = (fixture.Nats.Opts, Prefix));

    public sealed class Fixture : IAsyncLifetime
    {
        internal NatsServer Nats { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Nats = await NatsServer.StartAsync();

        public ValueTask DisposeAsync() => Nats.DisposeAsync();
    }
}

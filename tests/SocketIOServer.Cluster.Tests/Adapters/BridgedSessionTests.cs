using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Sessions move between servers that have a bridge to servers of another kind, unless an event has come over it that nobody can recognise on the other server.</summary>
public sealed class BridgedSessionTests : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private readonly List<Server> _servers = [];
    private readonly List<FakeBridge> _bridges = [];
    private RecoveringClient? _client;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var bridge = new FakeBridge(new InProcessBus().Connect());
            _bridges.Add(bridge);
            _servers.Add(await Server.StartAsync(_bus.Connect(), options: options => options.Recovery = new(), builder: web => web.Services.AddSocketIO().AddClusterBridge(_ => bridge)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Without_such_an_event_the_client_gets_its_session_and_what_it_missed()
    {
        await CutAsync();
        await _servers[0].Io.EmitAsync("missed");

        await ComeToOtherServerAsync();

        Assert.True(_client!.Recovered);
        Assert.Equal("""["missed"]""", await _client.ReadAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task An_event_that_came_over_the_bridge_of_either_server_begins_a_new_session(int server)
    {
        await using var other = await _servers[1].JoinAsync();
        await CutAsync();
        await _bridges[server].ReceiveAsync("over the bridge");

        await ComeToOtherServerAsync();

        Assert.False(_client!.Recovered);
        Assert.Contains(_servers[1].Host.Log.Lines, line => line.Id.Id == 105 && line.Text.Contains("other_publishers", StringComparison.Ordinal));
    }

    private async Task CutAsync()
    {
        _client = await new RecoveringClient(_servers[0].Host).ConnectAsync();
        _client.Cut();
        await Eventually.TrueAsync(() => _servers[0].Io.Of("/").FindSocket(_client.Sid) is null, "the server has noticed");
    }

    private async Task ComeToOtherServerAsync()
    {
        _client!.Host = _servers[1].Host;
        await _client.ConnectAsync();
    }

    private sealed class FakeBridge(IClusterBus bus) : ClusterBridge("fake", bus)
    {
        private AdapterContext? _context;
        private Adapter? _inner;

        public override long Poisoned => 0;

        public override Adapter Connect(AdapterContext context, Adapter inner)
        {
            if (context.Namespace == "/") (_context, _inner) = (context, inner);
            return new Passing(inner);
        }

        public ValueTask ReceiveAsync(string name)
        {
            Assert.True(_context!.TryEncode(Encoding.UTF8.GetBytes($"[\"{name}\"]"), [], out var @event));
            return _inner!.BroadcastAsync(@event, Target.Everyone with { IsLocal = true });
        }

        private sealed class Passing(Adapter inner) : DelegatingAdapter(inner);
    }
}

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Three servers on a bus with faults, a client each, and their clocks.</summary>
public abstract class ThreeServers(RoomChannels rooms = RoomChannels.Static) : IAsyncLifetime
{
    private protected InProcessBus Medium { get; } = new();

    private protected List<FaultyBus> Buses { get; } = [];

    private protected List<Server> Servers { get; } = [];

    private protected List<Client> Clients { get; } = [];

    private protected ISocketServer First => Servers[0].Io;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var index = i;
            Buses.Add(new(Medium.Connect()));
            Servers.Add(await Server.StartAsync(Buses[i], CreateWire, Map, cluster: o => o.NodeName = $"server-{index}"));
            Clients.Add(await Servers[i].JoinAsync());
        }

        Assert.All(Servers, server => Assert.Equal(3, server.Io.Cluster.Nodes.Count));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients) await client.DisposeAsync();
        foreach (var server in Servers) await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual ClusterWire CreateWire() => new JsonWire(rooms: rooms);

    private protected virtual void Map(SocketEndpointBuilder io)
    {
    }

    /// <summary>Moves the clocks of all servers together.</summary>
    private protected void Advance(int milliseconds)
    {
        for (; milliseconds > 0; milliseconds -= 500)
        {
            foreach (var server in Servers) server.Host.Time.Advance(TimeSpan.FromMilliseconds(Math.Min(500, milliseconds)));
        }
    }

    /// <summary>Packets of a client are handled in order: what it sent before has been handled when this completes.</summary>
    private protected static async Task HandledAsync(Client client)
    {
        await client.Socket.SendAsync("""420["ping"]""");
        Assert.Equal("430[]", await client.ReadAsync());
    }
}

using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Events of another server are lost on the bus: a client that should have had them is told so when it comes back, and no other client loses its session.</summary>
public sealed class LostEventTests : IAsyncLifetime
{
    private readonly InProcessBus _medium = new();
    private readonly List<FaultyBus> _buses = [];
    private readonly List<Server> _servers = [];
    private readonly List<RecoveringClient> _clients = [];

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task An_event_that_the_next_one_shows_to_be_missing_is_lost_after_two_seconds()
    {
        await StartAsync();
        var (away, connected) = (await JoinAsync(0), await JoinAsync(0));
        await CutAsync(away);

        await LoseOneAsync(1);
        await _servers[1].Io.EmitAsync("after");
        Advance(4);

        Assert.Equal("""["after"]""", await connected.ReadAsync());
        await CutAsync(connected);
        Assert.False(await IsRecoveredAsync(away));
        Assert.False(await IsRecoveredAsync(connected));
        // It knows now, and its next session is complete.
        await CutAsync(connected);
        await _servers[1].Io.EmitAsync("missed");
        Assert.True(await IsRecoveredAsync(connected));
        Assert.Equal("""["missed"]""", await connected.ReadAsync());
    }

    [Fact]
    public async Task The_last_event_is_told_with_the_next_beat()
    {
        await StartAsync();
        var client = await JoinAsync(0);
        await _servers[1].Io.EmitAsync("before");
        await client.ReadAsync();
        await CutAsync(client);

        await LoseOneAsync(1);
        Advance(6);

        Assert.False(await IsRecoveredAsync(client));
        Assert.Equal(1, _servers[0].Node.Gaps);
    }

    [Theory]
    [InlineData(RoomChannels.Static)]
    [InlineData(RoomChannels.Dynamic)]
    public async Task An_outage_in_which_nothing_was_sent_costs_no_session(RoomChannels rooms)
    {
        await StartAsync(rooms);
        var client = await JoinAsync(0);
        await _servers[1].Io.EmitAsync("before");
        await client.ReadAsync();
        Advance(4);
        await CutAsync(client);

        _buses[0].IsDown = true;
        Advance(10);
        await _servers[0].Io.EmitAsync("local");
        _buses[0].IsDown = false;

        Assert.True(await IsRecoveredAsync(client));
        Assert.Equal("""["local"]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData(RoomChannels.Static, 0)]
    [InlineData(RoomChannels.Static, 1)]
    [InlineData(RoomChannels.Dynamic, 0)]
    [InlineData(RoomChannels.Dynamic, 1)]
    public async Task After_an_outage_of_either_server_clients_are_told_what_was_lost(RoomChannels rooms, int down)
    {
        await StartAsync(rooms);
        var (away, connected) = (await JoinAsync(0), await JoinAsync(0));
        await CutAsync(away);

        _buses[down].IsDown = true;
        await _servers[1].Io.EmitAsync("lost");
        _buses[down].IsDown = false;
        Advance(4);
        await CutAsync(connected);

        Assert.False(await IsRecoveredAsync(away));
        Assert.False(await IsRecoveredAsync(connected));
    }

    [Fact]
    public async Task The_clients_of_a_server_whose_events_did_not_reach_the_bus_are_not_concerned()
    {
        await StartAsync();
        var client = await JoinAsync(1);
        await CutAsync(client);

        _buses[1].IsDown = true;
        await _servers[1].Io.EmitAsync("local");
        _buses[1].IsDown = false;

        Assert.True(await IsRecoveredAsync(client));
        Assert.Equal("""["local"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_comes_back_during_the_outage_is_told_that_nobody_knows()
    {
        await StartAsync();
        var client = await JoinAsync(0);
        await CutAsync(client);

        _buses[0].IsDown = true;

        Assert.False(await IsRecoveredAsync(client));
        // The new session began in the outage. Nothing was lost, as it turns out.
        _buses[0].IsDown = false;
        await CutAsync(client);
        Assert.True(await IsRecoveredAsync(client));
    }

    [Fact]
    public async Task A_server_that_is_alone_has_nothing_to_lose()
    {
        await StartAsync(count: 1);
        var client = await JoinAsync(0);
        await CutAsync(client);

        _buses[0].IsDown = true;
        await _servers[0].Io.EmitAsync("local");

        Assert.True(await IsRecoveredAsync(client));
    }

    [Fact]
    public async Task Where_a_server_does_not_number_its_events_each_outage_may_have_cost_one()
    {
        await StartAsync(count: 1);
        Node("before");
        var client = await JoinAsync(0);
        await CutAsync(client);

        _buses[0].IsDown = true;
        Node("lost");
        _buses[0].IsDown = false;

        Assert.False(await IsRecoveredAsync(client));
    }

    [Fact]
    public async Task A_server_that_dies_before_it_has_told_its_numbers_takes_them_along()
    {
        await StartAsync();
        var client = await JoinAsync(0);
        await CutAsync(client);

        _buses[0].IsDown = true;
        await _servers[1].Io.EmitAsync("lost");
        _buses[1].IsFrozen = true;
        _buses[0].IsDown = false;
        Advance(8);

        Assert.Single(_servers[0].Io.Cluster.Nodes);
        Assert.False(await IsRecoveredAsync(client));
    }

    [Fact]
    public async Task A_server_of_an_earlier_version_that_does_not_tell_its_numbers_is_waited_for_no_longer_than_a_dead_one()
    {
        await StartAsync(count: 1);
        Beat();
        var client = await JoinAsync(0);
        await CutAsync(client);

        _buses[0].IsDown = true;
        _buses[0].IsDown = false;
        for (var i = 0; i < 8; i++)
        {
            Beat();
            Advance(1);
        }

        Assert.False(await IsRecoveredAsync(client));
        await CutAsync(client);
        Assert.True(await IsRecoveredAsync(client));
    }

    [Fact]
    public async Task Messages_that_overtake_each_other_are_not_lost()
    {
        await StartAsync(count: 1);
        var node = _servers[0].Node;
        var log = LogOf(_servers[0]);
        var received = new ReceivedNumbers(node, "/", log);
        foreach (var number in (long[])[1, 4, 2]) received.Note("other", number);
        Advance(1);
        received.Check();
        received.Note("other", 3);
        received.Expect("other", 6, 4, isFirst: false, at: 0);
        received.Note("other", 6);
        received.Note("other", 5);
        Advance(4);
        received.Check();

        Assert.Equal((0, 0), (log.Gaps, node.Gaps));
        received.Note("other", 8);
        Advance(2);
        received.Check();
        Assert.Equal((1, 1), (log.Gaps, node.Gaps));
    }

    [Fact]
    public void The_numbers_of_many_namespaces_are_told_in_parts()
    {
        long life = 0;
        var numbers = new SentNumbers(() => life++ << EventOrigin.NumberBits);
        for (var i = 0; i < 1000; i++) numbers.Of($"/{i:D4}").Next();

        var parts = numbers.Take(whole: false);

        Assert.Equal(1000, parts.SelectMany(part => part.Keys).Distinct().Count());
        Assert.All(parts, part => Assert.InRange(new NodeMessage("sent", "s", "n", "name", "w") { Sent = part }.Write().Length, 1, 32_000));
        Assert.Empty(Assert.Single(numbers.Take(whole: false)));
        numbers.PutBack(parts[0]);
        Assert.Equal(parts[0].Count, numbers.Take(whole: false).Sum(part => part.Count));
        Assert.Equal(1000, numbers.Take(whole: true).Sum(part => part.Count));
        Assert.Equal(2, numbers.Of("/0000").Next() & uint.MaxValue);
    }

    private static EventLog LogOf(Server server) => server.Host.Services.GetRequiredService<SocketServer>().Find("/")!.Context.Recovery!.Log;

    private async Task StartAsync(RoomChannels rooms = RoomChannels.Static, int count = 2)
    {
        for (var i = 0; i < count; i++)
        {
            _buses.Add(new(_medium.Connect()));
            _servers.Add(await Server.StartAsync(_buses[i], () => new JsonWire(rooms: rooms), options: options => options.Recovery = new()));
        }
    }

    private async Task<RecoveringClient> JoinAsync(int server)
    {
        var client = await new RecoveringClient(_servers[server].Host).ConnectAsync();
        _clients.Add(client);
        // What the others had sent before the server listened is known then.
        Advance(2);
        return client;
    }

    private async Task CutAsync(RecoveringClient client)
    {
        client.Cut();
        await Eventually.TrueAsync(() => _servers.TrueForAll(server => server.Io.Of("/").FindSocket(client.Sid) is null), "the server has noticed");
    }

    private static async Task<bool> IsRecoveredAsync(RecoveringClient client) => (await client.ConnectAsync()).Recovered;

    private async Task LoseOneAsync(int server)
    {
        _buses[server].Loses = channel => !channel.Contains("nodes", StringComparison.Ordinal);
        await _servers[server].Io.EmitAsync("lost");
        _buses[server].Loses = null;
    }

    // A server of Node emits.
    private void Node(string name) => Publish("socket.io#/#", """{"type":3,"data":{"packet":{"type":2,"data":["NAME"]},"opts":{"rooms":[],"except":[],"flags":{}}},"uid":"0123456789abcdef","nsp":"/"}""".Replace("NAME", name, StringComparison.Ordinal));

    // A server of ours says that it is there, and nothing else.
    private void Beat() => Publish("socket.io-nodes#", Encoding.UTF8.GetString(new NodeMessage("beat", "0123456789abcdef", "AbCd", "earlier", _servers[0].Node.Form).Write()));

    private void Publish(string channel, string text)
    {
        _node ??= Connect();
        _node.Publish(channel, Encoding.UTF8.GetBytes(text));
    }

    private IClusterBus? _node;

    private IClusterBus Connect()
    {
        var bus = _medium.Connect();
        _ = bus.StartAsync(default);
        return bus;
    }

    private void Advance(int seconds)
    {
        for (; seconds > 0; seconds--)
        {
            foreach (var server in _servers) server.Host.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}

using System.Text;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>What our servers say of themselves to one of Node with heartbeats, and when.</summary>
public sealed class HeartbeatTests : ThreeServers
{
    private const string Channel = "socket.io#/";
    private const string Uid = "66a35508a11269bc";

    private readonly List<string> _heard = [];
    private IClusterBus _foreign = null!;

    private protected override ClusterWire CreateWire() => new PostgresWire();

    [Fact]
    public async Task Nothing_is_said_while_only_ours_are_there()
    {
        await StartForeignAsync();

        Advance(30_000);

        Assert.Empty(_heard);
    }

    [Fact]
    public async Task One_that_comes_is_answered_at_once_and_told_every_five_seconds()
    {
        await StartForeignAsync();

        Say("""{"type":1,"uid":"66a35508a11269bc","nsp":"/"}""");

        Assert.Equal(Servers.Select(server => Beat(server, 2)).Order(), _heard.Order());
        _heard.Clear();
        Advance(4_500);
        Assert.Empty(_heard);
        Advance(1_000);
        Assert.Equal(Servers.Select(server => Beat(server, 2)).Order(), _heard.Order());
    }

    [Fact]
    public async Task Whatever_is_published_is_a_heartbeat()
    {
        await StartForeignAsync();
        Say("""{"type":2,"uid":"66a35508a11269bc","nsp":"/"}""");
        Advance(3_000);
        await First.EmitAsync("news");
        _heard.Clear();

        Advance(3_000);

        Assert.Equal(Servers.Skip(1).Select(server => Beat(server, 2)).Order(), _heard.Order());
    }

    [Fact]
    public async Task After_ten_seconds_of_silence_it_is_gone()
    {
        await StartForeignAsync();
        Say("""{"type":2,"uid":"66a35508a11269bc","nsp":"/"}""");
        Advance(11_500);
        _heard.Clear();

        Advance(30_000);

        Assert.Empty(_heard);
        Assert.Empty((await First.FetchSocketsAsync().Soon()).MissingNodes);
    }

    [Fact]
    public async Task One_that_is_there_and_mute_is_missing()
    {
        await StartForeignAsync();
        Say("""{"type":1,"uid":"66a35508a11269bc","nsp":"/"}""");

        var fetching = First.FetchSocketsAsync();
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 2, "both of ours have answered");
        Advance(5_000);

        Assert.Equal(["node.js (unnamed)"], (await fetching.Soon()).MissingNodes);
    }

    [Fact]
    public async Task One_that_says_goodbye_is_not_waited_for()
    {
        await StartForeignAsync();
        Say("""{"type":1,"uid":"66a35508a11269bc","nsp":"/"}""");
        var fetching = First.FetchSocketsAsync();
        await Eventually.TrueAsync(() => Servers[0].Adapter().Answers == 2, "both of ours have answered");

        Say("""{"type":13,"uid":"66a35508a11269bc","nsp":"/"}""");

        Assert.Empty((await fetching.Soon()).MissingNodes);
        _heard.Clear();
        Advance(30_000);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task The_emitter_is_no_server_and_its_messages_arrive_without_a_namespace()
    {
        await StartForeignAsync();

        Say("""{"type":3,"data":{"packet":{"type":2,"data":["from-emitter",1],"nsp":"/"},"opts":{"rooms":[],"flags":{},"except":[]}},"uid":"emitter"}""");

        foreach (var client in Clients) Assert.Equal("""42["from-emitter",1]""", await client.ReadAsync());
        _heard.Clear();
        Advance(10_000);
        Assert.Empty(_heard);
    }

    [Fact]
    public async Task Ours_announce_themselves_when_the_bus_is_there_again_and_say_goodbye()
    {
        await StartForeignAsync();
        Say("""{"type":2,"uid":"66a35508a11269bc","nsp":"/"}""");
        Buses[1].IsDown = true;
        Buses[1].IsDown = false;
        Assert.Equal([Beat(Servers[1], 1)], _heard);
        _heard.Clear();
        var goodbye = Beat(Servers[2], 13);

        await Servers[2].DisposeAsync();

        // The host moves its clock while it stops, so there may be a heartbeat before.
        Assert.Equal(goodbye, _heard[^1]);
    }

    [Fact]
    public async Task A_namespace_that_a_client_has_named_announces_itself_and_goes()
    {
        var heard = new List<string>();
        await StartForeignAsync();
        _foreign.Subscribe(new("socket.io#/any"), (_, bytes) => heard.Add(Encoding.UTF8.GetString(bytes)));

        await using (var client = await Servers[0].JoinAsync("/any"))
        {
            await Eventually.TrueAsync(() => heard.Count == 1, () => $"{heard.Count}");
            Assert.Equal(Beat(Servers[0], 1).Replace("\"nsp\":\"/\"", "\"nsp\":\"/any\"", StringComparison.Ordinal), heard[0]);
            _foreign.Publish("socket.io#/any", Encoding.UTF8.GetBytes("""{"type":2,"uid":"66a35508a11269bc","nsp":"/any"}"""));
            await client.LeaveAsync();
        }

        await Eventually.TrueAsync(() => heard.Count == 3, () => $"{heard.Count}");
        Assert.Equal(Beat(Servers[0], 13).Replace("\"nsp\":\"/\"", "\"nsp\":\"/any\"", StringComparison.Ordinal), heard[2]);
    }

    [Fact]
    public async Task A_server_that_only_asks_in_a_namespace_does_not_stay_there()
    {
        var heard = new List<string>();
        await StartForeignAsync();
        _foreign.Subscribe(new("socket.io#/any"), (_, bytes) => heard.Add(Encoding.UTF8.GetString(bytes)));
        await using var client = await Servers[1].JoinAsync("/any");

        Assert.Equal(1, await First.Of("/any").CountAsync().Soon());

        var goodbye = Beat(Servers[0], 13).Replace("\"nsp\":\"/\"", "\"nsp\":\"/any\"", StringComparison.Ordinal);
        await Eventually.TrueAsync(() => heard.Contains(goodbye), () => string.Join('\n', heard));
    }

    [Fact]
    public async Task A_namespace_whose_name_no_channel_can_have_is_on_its_server_alone()
    {
        var name = "/any" + new string('x', 50);
        await using var here = await Servers[0].JoinAsync(name);
        await using var there = await Servers[1].JoinAsync(name);

        await First.Of(name).EmitAsync("news");
        var fetched = await First.Of(name).FetchSocketsAsync().Soon();

        Assert.Equal($"42{name},[\"news\"]", await here.ReadAsync());
        Assert.Single(fetched);
        Assert.Equal(["server-1", "server-2"], fetched.MissingNodes.Order());
        await Servers[1].Io.Of(name).EmitAsync("only there");
        Assert.Equal($"42{name},[\"only there\"]", await there.ReadAsync());
        Assert.Single(Servers[0].Host.Log.Lines, line => line.Id.Id == 69);
    }

    [Fact]
    public async Task A_declared_namespace_whose_name_no_channel_can_have_is_refused_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Server.StartAsync(Medium.Connect(), () => new PostgresWire(), io => io.Of("/" + new string('x', 60))));

        Assert.Contains("too long", refused.Message, StringComparison.Ordinal);
    }

    private static string Beat(Server server, int type) => $$"""{"type":{{type}},"uid":"{{server.Node.Sender}}","nsp":"/","node":"{{server.Node.Id}}"}""";

    private void Say(string text) => _foreign.Publish(Channel, Encoding.UTF8.GetBytes(text));

    // Our own servers answer each other's questions on the same channel.
    private async Task StartForeignAsync()
    {
        foreach (var bus in Buses) bus.Counts = false;
        _foreign = Medium.Connect();
        await _foreign.StartAsync(default);
        _foreign.Subscribe(new(Channel), (_, bytes) =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (!text.Contains(Uid, StringComparison.Ordinal) && !text.Contains("emitter", StringComparison.Ordinal)) _heard.Add(text);
        });
    }
}

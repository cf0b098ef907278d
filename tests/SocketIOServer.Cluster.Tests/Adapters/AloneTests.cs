using System.Text;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A server that is alone in its cluster publishes nothing, and a server that comes misses nothing that its clients could expect.</summary>
public sealed class AloneTests : IAsyncLifetime
{
    private const string Main = "socket.io#/#";

    private readonly InProcessBus _medium = new();
    private FaultyBus _bus = null!;
    private Server _server = null!;
    private Client _client = null!;

    private int Published => _bus.Published.Count(static one => one.Channel == Main);

    public async ValueTask InitializeAsync()
    {
        _bus = new(_medium.Connect());
        _server = await Server.StartAsync(_bus);
        _client = await _server.JoinAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_published_once_the_engine_has_counted_nobody_else()
    {
        await BeAloneAsync();
        var before = Published;

        await _server.Io.EmitAsync("news");
        await _server.Io.JoinAsync("a");
        await _server.Io.LeaveAsync("a");
        await _server.Io.Cluster.EmitAsync("told to nobody");
        await _server.Io.To("nobody").DisconnectAsync();
        await _server.Io.Of("/chat").EmitAsync("another namespace is not counted yet");

        Assert.Equal(before, Published);
        Assert.Contains(_bus.Published, static one => one.Channel == "socket.io#/chat#");
        Assert.Equal("""42["news"]""", await _client.ReadAsync());
    }

    [Fact]
    public async Task A_server_of_ours_that_has_started_gets_everything_from_then_on()
    {
        await BeAloneAsync();

        await using var second = await Server.StartAsync(_medium.Connect());
        await using var there = await second.JoinAsync();
        for (var i = 0; i < 3; i++) await _server.Io.EmitAsync("news", i);

        Assert.Equal(["""42["news",0]""", """42["news",1]""", """42["news",2]"""], await there.ReadAsync(3));
        Assert.Equal(0, second.Node.Gaps);
    }

    [Fact]
    public async Task A_server_that_starts_serves_clients_only_when_the_others_know_of_it()
    {
        // It hears the hello when it goes on.
        var late = new LateBus(_medium.Connect());
        await using var slow = await Server.StartAsync(late);
        late.Hold();

        var starting = Server.StartAsync(_medium.Connect());
        await late.HeldAsync();
        Assert.False(starting.IsCompleted);
        late.GoOn();

        await using var second = await starting.Soon();
        Assert.Equal(3, second.Io.Cluster.Nodes.Count);
        Assert.Equal(3, slow.Io.Cluster.Nodes.Count);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_found_with_the_next_beat()
    {
        await BeAloneAsync();
        var foreign = await HearAsync();

        await _server.Io.EmitAsync("missed");
        Assert.Empty(foreign);
        Beat();
        await _server.Io.EmitAsync("news");

        Assert.Contains(foreign, static message => message.Contains("""["news"]""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_says_something_is_known_at_once()
    {
        await BeAloneAsync();
        var foreign = await HearAsync();

        await SayAsync("cfc7b6d8ac39fb93");
        await _server.Io.EmitAsync("news");

        Assert.Contains(foreign, static message => message.Contains("""["news"]""", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_emitter_is_nobody_to_publish_for()
    {
        await BeAloneAsync();
        var before = Published;

        await SayAsync("emitter");
        await _server.Io.EmitAsync("news");

        Assert.Equal(before, Published);
        Assert.Equal(["""42["said"]""", """42["news"]"""], await _client.ReadAsync(2));
    }

    [Fact]
    public async Task A_server_that_died_but_is_still_subscribed_gets_everything_when_it_comes_back()
    {
        var second = new FaultyBus(_medium.Connect());
        await using var frozen = await Server.StartAsync(second);
        second.IsFrozen = true;
        for (var i = 0; i < 4; i++) Beat();
        Assert.Single(_server.Io.Cluster.Nodes);
        await _server.Io.EmitAsync("used");
        Beat();
        var before = Published;

        await _server.Io.EmitAsync("news");

        Assert.Equal(before + 1, Published);
    }

    [Fact]
    public async Task After_an_outage_everything_is_published_until_the_engine_has_counted_again()
    {
        await BeAloneAsync();
        _bus.IsDown = true;
        _bus.IsDown = false;
        var before = Published;

        await _server.Io.EmitAsync("news");
        Assert.Equal(before + 1, Published);
        Beat();
        await _server.Io.EmitAsync("news");

        Assert.Equal(before + 1, Published);
    }

    [Fact]
    public async Task An_engine_that_does_not_count_proves_nothing()
    {
        _bus.Counts = false;
        await BeAloneAsync();
        var before = Published;

        await _server.Io.EmitAsync("news");

        Assert.Equal(before + 1, Published);
    }

    [Fact]
    public async Task A_program_can_have_everything_published()
    {
        var bus = new FaultyBus(new InProcessBus().Connect());
        await using var server = await Server.StartAsync(bus, cluster: static o => o.AlwaysPublish = true);

        for (var i = 0; i < 3; i++)
        {
            await server.Io.EmitAsync("news");
            server.Host.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(3, bus.Published.Count(static one => one.Channel == Main));
    }

    [Fact]
    public async Task A_namespace_in_which_nothing_is_published_is_not_counted()
    {
        await BeAloneAsync();
        Beat();
        var before = _bus.CountedTimes;

        for (var i = 0; i < 10; i++) Beat();

        Assert.Equal(before, _bus.CountedTimes);
    }

    private async Task BeAloneAsync()
    {
        await _server.Io.To("nobody").EmitAsync("used");
        Beat();
    }

    private void Beat() => _server.Host.Time.Advance(TimeSpan.FromSeconds(2));

    private async Task<List<string>> HearAsync()
    {
        var foreign = _medium.Connect();
        await foreign.StartAsync(default);
        var heard = new List<string>();
        foreign.Subscribe(new(Main), (_, message) => heard.Add(Encoding.UTF8.GetString(message)));
        return heard;
    }

    private async Task SayAsync(string sender)
    {
        var foreign = _medium.Connect();
        await foreign.StartAsync(default);
        foreign.Publish(Main, Encoding.UTF8.GetBytes($$$"""{"type":3,"data":{"packet":{"type":2,"data":["said"]},"opts":{"rooms":[]}},"uid":"{{{sender}}}","nsp":"/"}"""));
    }
}

using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster.Tests.Adapters;
using SocketIOServer.Testing;

namespace SocketIOServer.Cluster.Tests.Members;

/// <summary>When servers come to know of each other, and when they count as gone: exact times on clocks that the tests move.</summary>
public sealed class MembershipTests : IAsyncDisposable
{
    private readonly InProcessBus _medium = new();
    private readonly FakeClock _time = new();
    private readonly JumpingClock _clock;
    private readonly List<ClusterNode> _nodes = [];
    private readonly List<FaultyBus> _buses = [];

    public MembershipTests() => _clock = new(_time);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Who_comes_knows_the_others_at_once_and_they_know_it()
    {
        var first = await StartAsync("first");
        var second = await StartAsync("second");

        Assert.Equal(["second"], Others(first));
        Assert.Equal(["first"], Others(second));
    }

    [Fact]
    public async Task The_first_word_is_hello_it_is_answered_and_a_beat_comes_every_two_seconds()
    {
        await StartAsync("first");
        Assert.Equal(["hello first"], Said());
        await StartAsync("second");
        Assert.Equal(["beat first", "hello second"], Said());

        Advance(1999);
        Assert.Empty(Said());
        Advance(1);

        Assert.Equal(["beat first", "beat second"], Said());
        Advance(2000);
        Assert.Equal(["beat first", "beat second"], Said());
    }

    [Fact]
    public async Task Silence_of_six_seconds_is_death()
    {
        var first = await StartAsync("first");
        var silent = await SpeakAsync("silent");
        var gone = new List<(string, bool)>();
        first.Members.Gone += (node, saidBye) => gone.Add((node.Member.Name, saidBye));

        Advance(5999);
        Assert.Equal(["silent"], Others(first));
        Advance(1);

        Assert.Empty(Others(first));
        Assert.Equal([("silent", false)], gone);
        Assert.Equal(1, first.Members.DeadCount);
        Say(silent, "beat", "silent");
        Assert.Equal(["silent"], Others(first));
        Assert.Equal(0, first.Members.DeadCount);
    }

    [Fact]
    public async Task Any_word_is_a_sign_of_life()
    {
        var first = await StartAsync("first");
        await SpeakAsync("other");

        Advance(4000);
        first.Members.OnHeard("other");
        Advance(5999);
        Assert.Equal(["other"], Others(first));
        // The next beat after six seconds of silence.
        Advance(2000);

        Assert.Empty(Others(first));
    }

    [Fact]
    public async Task Who_says_bye_is_gone_at_once_and_not_dead()
    {
        var first = await StartAsync("first");
        var second = await StartAsync("second");
        var gone = new List<(string, bool)>();
        first.Members.Gone += (node, saidBye) => gone.Add((node.Member.Name, saidBye));

        await second.DisposeAsync();

        Assert.Equal([("second", true)], gone);
        Assert.Empty(Others(first));
        Assert.Equal(0, first.Members.DeadCount);
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_kills_nobody()
    {
        var first = await StartAsync("first");
        await StartAsync("second");

        _clock.Jump = TimeSpan.FromDays(-400);
        Advance(2000);
        _clock.Jump = TimeSpan.FromDays(400);
        Advance(2000);

        Assert.Equal(["second"], Others(first));
    }

    [Fact]
    public async Task A_hundred_servers_know_each_other_and_answer_one_that_comes_within_a_fifth_of_a_second()
    {
        var starting = Enumerable.Range(0, 100).Select(i => StartAsync($"server {i}")).ToArray();
        Advance(200);
        await Task.WhenAll(starting).Soon();
        Assert.All(_nodes, static node => Assert.Equal(99, node.Members.Count));
        Said();
        await SpeakAsync("newcomer", "hello");

        Assert.Empty(Said());
        Advance(100);
        var early = Said().Count;
        Advance(100);
        var late = Said().Count;

        Assert.Equal(100, early + late);
        // Half of them each; fewer than ten would come once in 10^16 runs.
        Assert.InRange(early, 10, 90);
    }

    [Fact]
    public async Task Who_starts_waits_at_most_a_second_for_one_that_the_engine_still_counts_and_that_does_not_answer()
    {
        var mute = _medium.Connect();
        await mute.StartAsync(default);
        mute.Subscribe(new("socket.io-nodes#"), static (_, _) => { });

        var starting = StartAsync("first");
        Advance(999);
        Assert.False(starting.IsCompleted);
        Advance(1);

        await starting.Soon();
    }

    [Fact]
    public async Task A_server_that_does_not_fit_is_forgotten_when_it_goes_without_a_word()
    {
        var first = await StartAsync("first");
        var bus = await SpeakAsync("fits");
        bus.Publish("socket.io-nodes#", """{"t":"hello","node":"AbCd","name":"classic","uid":"classic","wire":"classic","bridges":"python","v":1}"""u8.ToArray());

        Assert.True(first.Members.HasMisfit);
        Assert.True(first.Members.HasOtherBridges);
        Advance(6000);

        Assert.False(first.Members.HasMisfit);
        Assert.False(first.Members.HasOtherBridges);
    }

    [Fact]
    public async Task Invented_servers_do_not_fill_the_memory()
    {
        var first = await StartAsync("first");
        var bus = await SpeakAsync("other");

        for (var i = 0; i < 1100; i++) Say(bus, "beat", $"invented {i}");
        Say(bus, "beat", "other");

        Assert.Equal(1000, first.Members.Count);
        Assert.Equal(101, first.Poisoned);
        Advance(6000);
        Assert.Empty(Others(first));
        Say(bus, "beat", "new");
        Assert.Equal(["new"], Others(first));
    }

    private static IEnumerable<string> Others(ClusterNode node) => node.Members.Others.Select(static other => other.Member.Name);

    private async Task<ClusterNode> StartAsync(string name)
    {
        var bus = new FaultyBus(_medium.Connect());
        var node = new ClusterNode(bus, new JsonWire(), new() { NodeName = name }, _clock, NullLogger.Instance);
        _buses.Add(bus);
        _nodes.Add(node);
        await node.StartAsync(default);
        return node;
    }

    private async Task<IClusterBus> SpeakAsync(string name, string kind = "beat")
    {
        var bus = _medium.Connect();
        await bus.StartAsync(default);
        Say(bus, kind, name);
        return bus;
    }

    private static void Say(IClusterBus bus, string kind, string name) =>
        bus.Publish("socket.io-nodes#", Encoding.UTF8.GetBytes($$"""{"t":"{{kind}}","node":"AbCd","name":"{{name}}","uid":"{{name}}","wire":"json-Static","v":1}"""));

    // What the servers have said since it was asked last, in alphabetical order.
    private List<string> Said()
    {
        var said = new List<string>();
        foreach (var bus in _buses)
        {
            while (bus.Published.TryDequeue(out var one))
            {
                Assert.True(NodeMessage.TryRead(Encoding.UTF8.GetBytes(one.Text), out var message));
                said.Add($"{message!.Kind} {message.Name}");
            }
        }

        said.Sort(StringComparer.Ordinal);
        return said;
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
}

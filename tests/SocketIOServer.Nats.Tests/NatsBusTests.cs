using System.Collections.Concurrent;
using System.Text;
using SocketIOServer.Cluster;

namespace SocketIOServer.Nats.Tests;

/// <summary>The bus over a real NATS server, with the faults that NATS and the way to it have.</summary>
public sealed class NatsBusTests : IAsyncLifetime
{
    private readonly List<NatsBus> _buses = [];
    private readonly List<NatsServer> _servers = [];
    private readonly LogCollector _log = new();

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses) await bus.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
    }

    [Fact]
    public async Task Messages_arrive_in_order_across_channels_and_only_on_their_own()
    {
        var nats = await RunAsync();
        var (first, second) = (await StartAsync(nats), await StartAsync(nats));
        var inbox = new ConcurrentQueue<string>();
        string[] channels = ["a#room é#", "a#*#", "a#>#", "a#b.c#", $"a#{new string('x', 5000)}#"];
        foreach (var channel in channels) await SubscribeAsync(second, channel, inbox);
        var other = await SubscribeAsync(second, "a#room#");

        for (var i = 0; i < 5000; i++) Assert.True(first.Publish(channels[i % channels.Length], Utf8($"{i}")));

        await Eventually.TrueAsync(() => inbox.Count == 5000, () => $"{inbox.Count} messages came");
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{channels[i % channels.Length]} {i}"), inbox);
        Assert.Empty(other);
        Assert.Equal(-1, await first.CountAsync("a#*#", CancellationToken.None));
    }

    [Fact]
    public async Task After_the_death_of_NATS_the_subscriptions_are_restored_and_nothing_old_comes()
    {
        var nats = await RunAsync();
        var (first, second) = (await StartAsync(nats), await StartAsync(nats));
        var inbox = await SubscribeAsync(second, "room");

        await nats.KillAsync();
        await Eventually.TrueAsync(() => first.State == BusState.Down && second.State == BusState.Down, "a bus did not notice");
        Assert.False(first.Publish("room", Utf8("lost")));
        await nats.RunAsync();
        await Eventually.TrueAsync(() => first.State == BusState.Alive && second.State == BusState.Alive, "a bus did not come back");

        first.Publish("room", Utf8("after"));
        await Eventually.TrueAsync(() => !inbox.IsEmpty, "nothing came");
        Assert.Equal(["room after"], inbox);
        Assert.Equal(1, first.Statistics.Dropped);
    }

    [Fact]
    public async Task A_frozen_NATS_is_noticed_and_found_when_it_goes_on()
    {
        var nats = await RunAsync();
        var bus = await StartAsync(nats, probe: TimeSpan.FromMilliseconds(200));
        var inbox = await SubscribeAsync(bus, "room");

        nats.Freeze();
        await Eventually.TrueAsync(() => bus.State != BusState.Alive, "the bus did not notice");
        Assert.False(bus.Publish("room", Utf8("lost")));
        nats.Thaw();
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, "the bus did not come back");

        bus.Publish("room", Utf8("after"));
        await Eventually.TrueAsync(() => inbox.Contains("room after"), "nothing came");
    }

    [Fact]
    public async Task A_start_before_NATS_fails_nothing()
    {
        var nats = await RunAsync();
        await nats.KillAsync();
        var bus = Make(nats);

        await bus.StartAsync(CancellationToken.None);

        Assert.Equal(BusState.Down, bus.State);
        var subscription = bus.Subscribe(new("room"), (_, _) => { });
        await nats.RunAsync();
        await subscription.Ready.WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, "the bus did not come up");
    }

    [Fact]
    public async Task A_wrong_password_is_in_the_log_and_a_right_one_connects()
    {
        var nats = await RunAsync("authorization { user: io, password: right }");
        var wrong = Make(nats, url: $"nats://io:wrong@127.0.0.1:{nats.Port}");

        await wrong.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        await StartAsync(nats, url: $"nats://io:right@127.0.0.1:{nats.Port}");

        Assert.Equal(BusState.Down, wrong.State);
        Assert.Contains(_log.Lines, line => line.Id.Id == 41 && $"{line.Exception}".Contains("Authorization Violation", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_subject_that_may_not_be_read_is_an_outage_with_its_reason()
    {
        var nats = await RunAsync("""authorization { users = [ { user: io, password: right, permissions: { publish: ">", subscribe: ["socket.io-probe.>"] } } ] }""");
        var bus = await StartAsync(nats, url: $"nats://io:right@127.0.0.1:{nats.Port}");

        bus.Subscribe(new("socket.io#/#"), (_, _) => { });

        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Id.Id == 41 && $"{line.Exception}".Contains("socket.io._Lw._", StringComparison.Ordinal)), "no reason");
        await Eventually.TrueAsync(() => _log.Lines.Any(line => line.Id.Id == 71), "no line");
    }

    [Fact]
    public async Task A_message_that_is_larger_than_the_server_takes_is_dropped_and_the_connection_lives()
    {
        var nats = await RunAsync("max_payload: 1000");
        var bus = await StartAsync(nats);
        var inbox = await SubscribeAsync(bus, "room");

        for (var i = 0; i < 3; i++) Assert.True(bus.Publish("room", new byte[1001]));
        bus.Publish("room", Utf8(new string('x', 1000)));

        await Eventually.TrueAsync(() => !inbox.IsEmpty, "nothing came");
        Assert.Equal(["room " + new string('x', 1000)], inbox);
        Assert.Equal(3, bus.Statistics.Dropped);
        Assert.Single(_log.Lines, line => line.Id.Id == 70);
        Assert.DoesNotContain(_log.Lines, line => line.Id.Id == 41);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_for_NATS_is_cut_off_told_so_and_comes_back()
    {
        var nats = await RunAsync("max_payload: 100000\nmax_pending: 100000\nwrite_deadline: \"100ms\"");
        var (fast, slow) = (await StartAsync(nats), await StartAsync(nats));
        using var go = new ManualResetEventSlim();
        var inbox = new ConcurrentQueue<string>();
        await slow.Subscribe(new("flood"), (_, _) => go.Wait(TestHost.Patience)).Ready.WaitAsync(TestHost.Patience);
        await SubscribeAsync(slow, "after", inbox);
        var body = new byte[50_000];

        // Until the buffers of both sockets are full, and the server gives up.
        for (var i = 0; i < 10_000 && slow.State == BusState.Alive; i++)
        {
            fast.Publish("flood", body);
            if (i % 20 == 0) await Task.Delay(1);
        }

        await Eventually.TrueAsync(() => slow.State != BusState.Alive, "the bus did not notice");
        Assert.Equal(BusState.Alive, fast.State);
        go.Set();
        await Eventually.TrueAsync(() => slow.State == BusState.Alive, "the bus did not come back");
        fast.Publish("after", Utf8("it"));
        await Eventually.TrueAsync(() => inbox.Contains("after it"), "nothing came");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<ConcurrentQueue<string>> SubscribeAsync(NatsBus bus, string channel, ConcurrentQueue<string>? inbox = null)
    {
        var into = inbox ?? new();
        await bus.Subscribe(new(channel), (from, message) => into.Enqueue($"{from} {Encoding.UTF8.GetString(message)}")).Ready.WaitAsync(TestHost.Patience);
        return into;
    }

    private async Task<NatsServer> RunAsync(string settings = "")
    {
        var server = await NatsServer.StartAsync(settings);
        _servers.Add(server);
        return server;
    }

    private NatsBus Make(NatsServer nats, TimeSpan? probe = null, string? url = null)
    {
        var options = new NatsBusOptions { Connection = new() { Url = url ?? nats.Url }, ConnectTimeout = TimeSpan.FromSeconds(1) };
        if (probe is { } interval) options.ProbeInterval = interval;
        var bus = new NatsBus(options, TimeProvider.System, _log.CreateLogger("SocketIOServer"));
        _buses.Add(bus);
        return bus;
    }

    private async Task<NatsBus> StartAsync(NatsServer nats, TimeSpan? probe = null, string? url = null)
    {
        var bus = Make(nats, probe, url);
        await bus.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, () => $"the bus is {bus.State}");
        return bus;
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SocketIOServer.Cluster;

namespace SocketIOServer.Redis.Tests;

/// <summary>The bus over a real Redis, with the faults that Redis and the way to it have.</summary>
public sealed class RedisBusTests : IAsyncLifetime
{
    private readonly List<RedisBus> _buses = [];
    private RedisServer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses) await bus.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_arrive_in_order_and_only_on_their_channel(bool isSharded)
    {
        var (first, second) = (await StartAsync(isSharded), await StartAsync(isSharded));
        var inbox = await SubscribeAsync(second, new("room é"));
        var other = await SubscribeAsync(second, new("room"));

        for (var i = 0; i < 5000; i++) Assert.True(first.Publish("room é", Utf8($"{i}")));

        await Eventually.TrueAsync(() => inbox.Count == 5000, () => $"{inbox.Count} messages came");
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"room é {i}"), inbox);
        Assert.Empty(other);
        Assert.Equal(1, await first.CountAsync("room é", CancellationToken.None));
        Assert.Equal(0, await first.CountAsync("elsewhere", CancellationToken.None));
    }

    [Theory]
    [InlineData("socket.io#/a*#")]
    [InlineData(@"socket.io#/[ab]\?#")]
    public async Task A_prefix_is_text_and_no_pattern(string prefix)
    {
        var bus = await StartAsync();
        var inbox = await SubscribeAsync(bus, new(prefix, IsPrefix: true));

        bus.Publish("socket.io#/abc#", Utf8("another namespace"));
        bus.Publish(@"socket.io#/a\x#", Utf8("another namespace"));
        for (var i = 0; i < 500; i++) bus.Publish($"{prefix}{i % 7}#", Utf8($"{i}"));

        await Eventually.TrueAsync(() => inbox.Count == 500, () => $"{inbox.Count} messages came");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{prefix}{i % 7}# {i}"), inbox);
    }

    [Fact]
    public async Task After_the_death_of_Redis_the_subscriptions_are_restored()
    {
        var bus = await StartAsync();
        var inbox = await SubscribeAsync(bus, new("room"));

        await _redis.KillAsync();
        await Eventually.TrueAsync(() => bus.State == BusState.Down, "the bus did not notice");
        Assert.False(bus.Publish("room", Utf8("lost")));
        await _redis.RunAsync();
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, "the bus did not come back");

        bus.Publish("room", Utf8("after"));
        await Eventually.TrueAsync(() => !inbox.IsEmpty, "nothing came");
        Assert.Equal(["room after"], inbox);
    }

    [Fact]
    public async Task A_frozen_Redis_is_noticed_and_found_when_it_goes_on()
    {
        var bus = await StartAsync(probe: TimeSpan.FromMilliseconds(200));
        var inbox = await SubscribeAsync(bus, new("room"));

        _redis.Freeze();
        await Eventually.TrueAsync(() => bus.State != BusState.Alive, "the bus did not notice");
        Assert.False(bus.Publish("room", Utf8("lost")));
        _redis.Thaw();
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, "the bus did not come back");

        bus.Publish("room", Utf8("after"));
        await Eventually.TrueAsync(() => inbox.Contains("room after"), "nothing came");
    }

    [Fact]
    public async Task A_subscription_that_Redis_has_ended_is_renewed()
    {
        var bus = await StartAsync(probe: TimeSpan.FromMilliseconds(200));
        var inbox = await SubscribeAsync(bus, new("room"));

        await _redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");

        await Eventually.TrueAsync(
            () =>
            {
                bus.Publish("room", Utf8("again"));
                return !inbox.IsEmpty;
            },
            () => $"nothing came; the bus is {bus.State}");
    }

    [Fact]
    public async Task What_waits_from_a_connection_that_has_ended_does_not_come_behind_what_came_on_the_next()
    {
        var bus = await StartAsync();
        var inbox = new ConcurrentQueue<string>();
        var (first, last) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var goOn = new ManualResetEventSlim();
        var room = bus.Subscribe(new("room"), (_, message) =>
        {
            var text = Encoding.UTF8.GetString(message);
            inbox.Enqueue(text);
            if (text == "5") last.TrySetResult();
            if (text != "1") return;
            first.TrySetResult();
            goOn.Wait(TestHost.Patience);
        });
        await room.Ready.WaitAsync(TestHost.Patience);
        var marker = await SubscribeAsync(bus, new("marker"));
        var back = new TaskCompletionSource();
        bus.StateChanged += state =>
        {
            if (state == BusState.Alive) back.TrySetResult();
        };

        foreach (var text in (string[])["1", "2", "3"]) await _redis.ExecuteAsync("PUBLISH", "room", text);
        await _redis.ExecuteAsync("PUBLISH", "marker", "");
        await first.Task.WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => !marker.IsEmpty, "the marker");
        await _redis.ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
        await back.Task.WaitAsync(TestHost.Patience);
        await _redis.ExecuteAsync("PUBLISH", "room", "4");
        await Eventually.TrueAsync(() => inbox.Contains("4"), "nothing came");
        goOn.Set();
        await _redis.ExecuteAsync("PUBLISH", "room", "5");
        await last.Task.WaitAsync(TestHost.Patience);

        Assert.Equal(["1", "4", "5"], inbox);
    }

    [Fact]
    public async Task A_start_before_Redis_fails_nothing()
    {
        await _redis.KillAsync();
        var bus = Make(false, null);

        await bus.StartAsync(CancellationToken.None);

        Assert.Equal(BusState.Down, bus.State);
        var subscription = bus.Subscribe(new("room"), (_, _) => { });
        await _redis.RunAsync();
        await subscription.Ready.WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, "the bus did not come up");
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<ConcurrentQueue<string>> SubscribeAsync(RedisBus bus, BusChannel channel)
    {
        var inbox = new ConcurrentQueue<string>();
        await bus.Subscribe(channel, (from, message) => inbox.Enqueue($"{from} {Encoding.UTF8.GetString(message)}")).Ready.WaitAsync(TestHost.Patience);
        return inbox;
    }

    private RedisBus Make(bool isSharded, TimeSpan? probe)
    {
        var options = new RedisBusOptions { Configuration = _redis.Configuration, IsSharded = isSharded, ConnectTimeout = TimeSpan.FromSeconds(1) };
        if (probe is { } interval) options.ProbeInterval = interval;
        var bus = new RedisBus(options, TimeProvider.System, NullLogger.Instance);
        _buses.Add(bus);
        return bus;
    }

    private async Task<RedisBus> StartAsync(bool isSharded = false, TimeSpan? probe = null)
    {
        var bus = Make(isSharded, probe);
        await bus.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);
        await Eventually.TrueAsync(() => bus.State == BusState.Alive, () => $"the bus is {bus.State}");
        return bus;
    }
}

using System.Collections.Concurrent;
using System.Text;
using SocketIOServer.Testing;

namespace SocketIOServer.Cluster.Tests.Buses;

/// <summary>What every bus does, whatever its engine.</summary>
public sealed class ClusterBusTests : IAsyncDisposable
{
    private readonly Engine _engine = new();
    private readonly FakeClock _clock = new();
    private readonly List<EngineBus> _buses = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var bus in _buses) await bus.DisposeAsync();
    }

    [Fact]
    public async Task A_message_reaches_the_subscribers_of_its_channel_in_order()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        var inbox = await SubscribeAsync(second, new("room"));
        var others = await SubscribeAsync(second, new("rooms"));

        for (var i = 0; i < 1000; i++) Assert.True(first.Publish("room", EngineBus.Utf8($"{i}")));

        await Eventually.TrueAsync(() => inbox.Count == 1000, () => $"{inbox.Count} messages came");
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"room {i}"), inbox);
        Assert.Empty(others);
    }

    [Fact]
    public async Task A_prefix_hears_every_channel_that_begins_with_it()
    {
        var bus = await StartAsync();
        var inbox = await SubscribeAsync(bus, new("room#", IsPrefix: true));

        foreach (var channel in (string[])["room#", "room#a", "room", "Room#a", "room#b*"]) bus.Publish(channel, EngineBus.Utf8("x"));
        bus.Publish("room#end", EngineBus.Utf8("x"));

        await Eventually.TrueAsync(() => inbox.Contains("room#end x"), () => string.Join(", ", inbox));
        Assert.Equal(["room# x", "room#a x", "room#b* x", "room#end x"], inbox);
    }

    [Fact]
    public async Task Two_subscriptions_to_a_channel_are_one_of_the_engine_until_the_last_is_disposed()
    {
        var bus = await StartAsync();
        var first = bus.Subscribe(new("room"), (_, _) => { });
        var second = bus.Subscribe(new("room"), (_, _) => { });
        await first.Ready;
        await second.Ready;

        await first.DisposeAsync();
        await first.DisposeAsync();
        await SubscribeAsync(bus, new("after the first"));
        await second.DisposeAsync();

        await Eventually.TrueAsync(() => bus.Told.Contains("-room"), "the engine was not told");
        Assert.Equal(["+room", "+after the first", "-room"], bus.Told);
    }

    [Fact]
    public async Task A_handler_that_throws_harms_neither_the_bus_nor_other_handlers()
    {
        var bus = await StartAsync();
        await bus.Subscribe(new("room"), (_, _) => throw new InvalidOperationException("the handler's")).Ready;
        var inbox = await SubscribeAsync(bus, new("room"));

        bus.Publish("room", EngineBus.Utf8("a"));
        bus.Publish("room", EngineBus.Utf8("b"));

        await Eventually.TrueAsync(() => inbox.Count == 2, "the messages did not come");
        Assert.Equal(BusState.Alive, bus.State);
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_and_counts_them()
    {
        var bus = await StartAsync(new() { MaxQueuedMessages = 10, MaxQueuedBytes = 8 * (1 + BusOutbox.Overhead) });
        bus.Sending = new();
        var inbox = await SubscribeAsync(bus, new("room"));
        bus.Publish("room", EngineBus.Utf8("first"));
        await Eventually.TrueAsync(() => bus.Statistics.QueuedMessages == 0, "the writer did not take the first message");

        var taken = Enumerable.Range(0, 12).Select(i => bus.Publish("room", EngineBus.Utf8($"{i:x}"))).ToArray();

        Assert.Equal([true, true, true, true, true, true, true, true, false, false, false, false], taken);
        Assert.Equal((4, 8, 8 * (1 + BusOutbox.Overhead)), (bus.Statistics.Dropped, bus.Statistics.QueuedMessages, bus.Statistics.QueuedBytes));
        bus.Sending.SetResult();
        await Eventually.TrueAsync(() => inbox.Count == 9, () => string.Join(", ", inbox));
        Assert.Equal(0, bus.Statistics.QueuedBytes);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_at_the_start_delays_nothing_and_is_found_later()
    {
        _engine.IsStopped = true;
        var bus = Make();

        await bus.StartAsync(CancellationToken.None);

        Assert.Equal(BusState.Down, bus.State);
        Assert.False(bus.Publish("room", EngineBus.Utf8("lost")));
        var subscription = bus.Subscribe(new("room"), (_, _) => { });
        Assert.False(subscription.Ready.IsCompleted);
        _engine.IsStopped = false;
        await ReachAsync(bus, BusState.Alive);
        await subscription.Ready;
    }

    [Fact]
    public async Task After_a_cut_the_subscriptions_are_restored_and_what_waited_is_not_published_late()
    {
        var bus = await StartAsync();
        var inbox = await SubscribeAsync(bus, new("room"));
        bus.Sending = new();
        bus.Publish("room", EngineBus.Utf8("taken by the writer"));
        await Eventually.TrueAsync(() => bus.Statistics.QueuedMessages == 0, "the writer did not take the first message");
        bus.Publish("room", EngineBus.Utf8("queued"));

        _engine.Cut();
        await Eventually.TrueAsync(() => bus.State == BusState.Down, "the bus did not notice");
        Assert.False(bus.Publish("room", EngineBus.Utf8("meanwhile")));
        bus.Sending = null;
        await ReachAsync(bus, BusState.Alive);
        bus.Publish("room", EngineBus.Utf8("afterwards"));

        await Eventually.TrueAsync(() => !inbox.IsEmpty, "nothing came after the cut");
        Assert.Equal(["room afterwards"], inbox);
        Assert.Equal(2, bus.Statistics.Dropped);
        Assert.Equal(2, _engine.Connections);
    }

    [Fact]
    public async Task A_frozen_engine_is_noticed_by_two_probes_and_found_when_it_goes_on()
    {
        var states = new ConcurrentQueue<BusState>();
        var bus = Make();
        bus.StateChanged += states.Enqueue;
        await bus.StartAsync(CancellationToken.None);

        _engine.IsFrozen = true;
        for (var i = 0; bus.State == BusState.Alive; i++)
        {
            Assert.True(i <= 3, "the bus did not notice within three probes");
            await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(2));
            _clock.Advance(TimeSpan.FromSeconds(2));
            await SettleAsync(bus);
        }

        Assert.False(bus.Publish("room", EngineBus.Utf8("lost")));
        _engine.IsFrozen = false;
        await ReachAsync(bus, BusState.Alive);
        Assert.Equal([BusState.Alive, BusState.Deaf, BusState.Alive], states);
    }

    [Fact]
    public async Task An_engine_that_confirms_no_subscription_leaves_the_bus_deaf()
    {
        _engine.KeepsSubscribersWaiting = true;
        var bus = Make();
        var started = bus.StartAsync(CancellationToken.None);

        await ReachAsync(bus, BusState.Deaf);
        await started;

        _engine.KeepsSubscribersWaiting = false;
        await ReachAsync(bus, BusState.Alive);
    }

    [Fact]
    public async Task The_probe_does_not_wait_behind_a_full_queue()
    {
        var bus = await StartAsync();
        bus.Sending = new();
        for (var i = 0; i < 5000; i++) bus.Publish("room", EngineBus.Utf8("x"));
        await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(2));
        var inbox = await SubscribeAsync(bus, new("room"));
        bus.Sending.SetResult();

        await Eventually.TrueAsync(() => inbox.Count == 5000, () => $"{inbox.Count} messages came");
        Assert.Equal(BusState.Alive, bus.State);
    }

    [Fact]
    public async Task A_logger_that_throws_does_not_end_the_bus()
    {
        var logger = new ThrowingLogger();
        var bus = new EngineBus(_engine, _clock, null, logger);
        _buses.Add(bus);
        await bus.StartAsync(CancellationToken.None);
        var inbox = await SubscribeAsync(bus, new("room"));

        _engine.Cut();
        await Eventually.TrueAsync(() => bus.State == BusState.Down, "the bus did not notice");
        Assert.False(bus.Publish("room", EngineBus.Utf8("lost")));
        await ReachAsync(bus, BusState.Alive);
        bus.Publish("room", EngineBus.Utf8("afterwards"));

        await Eventually.TrueAsync(() => !inbox.IsEmpty, "nothing came after the cut");
        Assert.Equal(4, logger.Lines);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cancelled_and_has_ended_before_the_next()
    {
        _engine.Connecting = new();
        var bus = Make();
        var started = bus.StartAsync(CancellationToken.None);

        await ReachAsync(bus, BusState.Down);
        await started;
        _engine.Connecting = null;
        await ReachAsync(bus, BusState.Alive);

        Assert.Equal((0, 1), (_engine.ClosedTooSoon, _engine.Connections));
    }

    [Fact]
    public async Task What_was_being_sent_when_the_connection_ended_is_counted_as_uncertain_and_not_sent_again()
    {
        var bus = await StartAsync();
        var inbox = await SubscribeAsync(bus, new("room"));
        for (var i = 0; i < 3; i++) bus.Publish("room", EngineBus.Utf8($"{i}"));
        await Eventually.TrueAsync(() => inbox.Count == 3, "the messages did not come");
        bus.Sending = new();
        for (var i = 0; i < 4; i++) bus.Publish("room", EngineBus.Utf8("lost"));
        await Eventually.TrueAsync(() => bus.Statistics.QueuedMessages < 4, "the writer did not take the first message");

        _engine.Cut();
        await Eventually.TrueAsync(() => bus.State == BusState.Down, "the bus did not notice");
        bus.Sending = null;
        await ReachAsync(bus, BusState.Alive);

        var (published, received, dropped, queued, _, uncertain) = bus.Statistics;
        Assert.Equal((3, 3, 4, 0), (published, received, dropped + uncertain, queued));
        Assert.InRange(uncertain, 1, 4);
        Assert.Equal(3, inbox.Count);
    }

    [Fact]
    public async Task What_was_published_before_the_bus_is_disposed_still_goes_out()
    {
        var (bus, other) = (await StartAsync(), await StartAsync());
        var inbox = await SubscribeAsync(other, new("room"));

        for (var i = 0; i < 1000; i++) bus.Publish("room", EngineBus.Utf8($"{i}"));
        await bus.DisposeAsync();

        Assert.Equal(1000, inbox.Count);
    }

    [Fact]
    public async Task While_the_probe_is_late_what_is_published_waits_in_the_queue_where_it_is_counted()
    {
        var bus = await StartAsync(new() { MaxQueuedMessages = 5 });
        _engine.IsFrozen = true;
        await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        await _clock.WaitForTimerAsync(TimeSpan.FromSeconds(0.4));
        _clock.Advance(TimeSpan.FromSeconds(0.4));
        await SettleAsync(bus);

        var taken = Enumerable.Range(0, 8).Count(_ => bus.Publish("room", EngineBus.Utf8("x")));
        await SettleAsync(bus);

        Assert.Equal((5, 5, 3L), (taken, bus.Statistics.QueuedMessages, bus.Statistics.Dropped));
        Assert.Equal(BusState.Alive, bus.State);
    }

    [Fact]
    public async Task A_disposed_bus_leaves_no_timer_and_no_connection()
    {
        var bus = await StartAsync();
        await bus.DisposeAsync();

        Assert.Equal(BusState.Down, bus.State);
        Assert.False(bus.Publish("room", EngineBus.Utf8("x")));
        _engine.Publish(new("room", EngineBus.Utf8("x")));
        // A delay that is cancelled goes on before it disposes of its timer.
        await Eventually.TrueAsync(() => !_clock.WaitForTimerAsync(TimeSpan.FromDays(1)).IsCompleted, "a timer is left");
    }

    private static async Task<ConcurrentQueue<string>> SubscribeAsync(EngineBus bus, BusChannel channel)
    {
        var inbox = new ConcurrentQueue<string>();
        await bus.Subscribe(channel, (from, message) => inbox.Enqueue($"{from} {Encoding.UTF8.GetString(message)}")).Ready;
        return inbox;
    }

    private EngineBus Make(ClusterBusOptions? options = null)
    {
        var bus = new EngineBus(_engine, _clock, options);
        _buses.Add(bus);
        return bus;
    }

    private async Task<EngineBus> StartAsync(ClusterBusOptions? options = null)
    {
        var bus = Make(options);
        await bus.StartAsync(CancellationToken.None);
        Assert.Equal(BusState.Alive, bus.State);
        return bus;
    }

    private async Task ReachAsync(EngineBus bus, BusState state)
    {
        for (var i = 0; bus.State != state; i++)
        {
            Assert.True(i < 500, $"the bus is {bus.State}");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await SettleAsync(bus);
        }
    }

    // Its tasks go on by themselves after the clock moved; there is no signal for "nothing happens".
    private static async Task SettleAsync(EngineBus bus)
    {
        for (var i = 0; i < 10; i++)
        {
            _ = bus.State;
            await Task.Delay(1);
        }
    }
}

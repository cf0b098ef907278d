using System.Diagnostics;
using System.Text;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres.Tests;

/// <summary>The faults that PostgreSQL and the way to it have. One server for these tests alone.</summary>
public sealed class PostgresFaultTests(PostgresFaultTests.Fixture fixture) : IClassFixture<PostgresFaultTests.Fixture>, IAsyncLifetime
{
    private const string Channel = "socket.io#/";

    private PostgresServer Server => fixture.Server;

    private Buses _buses = null!;

    public async ValueTask InitializeAsync() => _buses = new(Server, await Server.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _buses.DisposeAsync();

    [Fact]
    public async Task After_a_restart_the_subscriptions_are_restored_and_nothing_is_repeated()
    {
        var bus = await _buses.StartAsync();
        var inbox = await Inbox.OpenAsync(bus, Channel);

        await Server.KillAsync();
        await Buses.WhenAsync(bus, BusState.Down);
        Assert.False(bus.Publish(Channel, Utf8("lost")));
        await Server.RunAsync();
        await Buses.WhenAsync(bus, BusState.Alive);

        bus.Publish(Channel, Utf8("after"));
        bus.Publish(Channel, Utf8(new string('x', 9000)));
        await inbox.HasAsync(2);
        Assert.Equal("after", inbox.Messages[0]);
    }

    [Fact]
    public async Task A_frozen_PostgreSQL_is_noticed_and_found_when_it_goes_on()
    {
        var bus = await _buses.StartAsync(o => o.ProbeInterval = TimeSpan.FromMilliseconds(200));
        var inbox = await Inbox.OpenAsync(bus, Channel);

        Server.Freeze();
        try
        {
            await Eventually.TrueAsync(() => bus.State != BusState.Alive, "the bus did not notice");
            Assert.False(bus.Publish(Channel, Utf8("lost")));
        }
        finally
        {
            Server.Thaw();
        }

        await Buses.WhenAsync(bus, BusState.Alive);
        bus.Publish(Channel, Utf8("after"));
        await Eventually.TrueAsync(() => inbox.Messages.Contains("after"), "nothing came");
    }

    [Fact]
    public async Task A_frozen_listener_is_noticed_and_replaced()
    {
        var bus = await _buses.StartAsync(o => o.ProbeInterval = TimeSpan.FromMilliseconds(200));
        var inbox = await Inbox.OpenAsync(bus, Channel);
        var listener = await Server.ListenerAsync(_buses.Database);

        PostgresServer.Freeze(listener);
        try
        {
            await Buses.WhenAsync(bus, BusState.Deaf);
            await Buses.WhenAsync(bus, BusState.Alive);
            bus.Publish(Channel, Utf8("after"));
            await inbox.HasAsync(1);
        }
        finally
        {
            PostgresServer.Thaw(listener);
        }
    }

    [Fact]
    public async Task Connections_that_PostgreSQL_ends_are_opened_again()
    {
        var bus = await _buses.StartAsync(o => o.ProbeInterval = TimeSpan.FromMilliseconds(200));
        var inbox = await Inbox.OpenAsync(bus, Channel);
        var listener = await Server.ListenerAsync(_buses.Database);

        var lost = Buses.WhenLost(bus);
        await Server.ExecuteAsync(_buses.Database, $"SELECT pg_terminate_backend({listener})");
        await lost;
        await Buses.WhenAsync(bus, BusState.Alive);
        lost = Buses.WhenLost(bus);
        await Server.ExecuteAsync(_buses.Database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await lost;
        await Buses.WhenAsync(bus, BusState.Alive);

        bus.Publish(Channel, Utf8("after"));
        bus.Publish(Channel, Utf8(new string('x', 9000)));
        await inbox.HasAsync(2);
    }

    [Fact]
    public async Task A_start_before_PostgreSQL_fails_nothing()
    {
        await Server.KillAsync();
        var bus = _buses.Make();
        await bus.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);

        Assert.Equal(BusState.Down, bus.State);
        var subscription = bus.Subscribe(new(Channel), (_, _) => { });
        await Server.RunAsync();
        await subscription.Ready.WaitAsync(TestHost.Patience);
        await Buses.WhenAsync(bus, BusState.Alive);
    }

    [Fact]
    public async Task A_wrong_password_is_an_outage_that_the_log_explains()
    {
        var log = new LogCollector();
        var bus = _buses.Make(password: "wrong", logger: log.CreateLogger("bus"));

        await bus.StartAsync(CancellationToken.None).WaitAsync(TestHost.Patience);

        Assert.Equal(BusState.Down, bus.State);
        Assert.Contains(log.Lines, line => line.Id.Id == 41);
    }

    [Fact]
    public async Task A_bus_leaves_no_listener_in_the_pool()
    {
        await using (var buses = new Buses(Server, _buses.Database))
        {
            var bus = await buses.StartAsync();
            await Inbox.OpenAsync(bus, Channel);
            await bus.DisposeAsync();
            // The connections are in the pool of the data source, which lives on.
            Assert.Equal(0, await Server.ListenerAsync(_buses.Database));
        }
    }

    [Fact]
    public async Task Four_thousand_messages_arrive_in_order_at_two_thousand_a_second()
    {
        var (first, second) = (await _buses.StartAsync(), await _buses.StartAsync());
        var inbox = await Inbox.OpenAsync(second, Channel);
        var begin = Stopwatch.StartNew();

        for (var i = 0; i < 4000; i++)
        {
            Assert.True(first.Publish(Channel, Utf8(i % 50 == 0 ? $"{i} {new string('x', 9000)}" : $"{i} ")));
            while (begin.Elapsed.TotalMilliseconds < i / 2.0) await Task.Delay(1);
        }

        await inbox.HasAsync(4000);
        Assert.Equal(Enumerable.Range(0, 4000).Select(i => $"{i}"), inbox.Messages.Select(text => text[..text.IndexOf(' ', StringComparison.Ordinal)]));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public sealed class Fixture : IAsyncLifetime
    {
        public PostgresServer Server { get; } = new();

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}

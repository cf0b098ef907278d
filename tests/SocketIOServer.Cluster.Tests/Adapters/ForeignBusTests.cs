namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Buses of third parties: what they throw, and what they do while they are called.</summary>
public sealed class ForeignBusTests
{
    [Fact]
    public async Task A_bus_that_throws_from_every_member_harms_no_local_client_and_is_logged_once()
    {
        var bus = new BrokenBus(new InProcessBus().Connect());
        await using var server = await Server.StartAsync(bus, () => new JsonWire(rooms: RoomChannels.Dynamic));
        await using var client = await server.JoinAsync();
        await server.Io.To(client.Id).JoinAsync("a");

        bus.IsBroken = true;
        await server.Io.To("a").EmitAsync("news");
        await server.Io.To(client.Id).JoinAsync("b");
        await server.Io.To(client.Id).LeaveAsync("a", "b");
        // Subscriptions of rooms end on a timer.
        server.Host.Time.Advance(TimeSpan.FromSeconds(9));
        var fetched = await server.Io.FetchSocketsAsync().Soon();
        await using var other = await server.JoinAsync("/any");

        Assert.Equal("""42["news"]""", await client.ReadAsync());
        Assert.Equal([client.Id], fetched.Select(socket => socket.Id));
        Assert.Equal(BusState.Down, server.Io.Cluster.State);
        Assert.Single(server.Host.Log.Lines, line => line.Id.Id == 95);
    }

    [Fact]
    public async Task No_lock_is_held_while_the_bus_is_asked_to_subscribe()
    {
        var bus = new HookedBus(new InProcessBus().Connect());
        await using var server = await Server.StartAsync(bus);
        // Another thread uses the same namespace, which is not in use yet, while its subscriptions begin.
        bus.OnSubscribe = channel =>
        {
            if (channel.Name.Contains("/any", StringComparison.Ordinal)) Task.Run(() => { _ = server.Io.Of("/any").FetchSocketsAsync(); }).Wait(TestHost.Patience);
        };

        var fetching = Task.Run(() => server.Io.Of("/any").FetchSocketsAsync());
        await using var client = await server.JoinAsync("/any").Soon();
        await fetching.Soon();

        Assert.Equal(0, bus.Blocked);
    }

    [Fact]
    public async Task No_lock_of_recovery_is_held_while_the_bus_is_asked_to_subscribe()
    {
        var bus = new HookedBus(new InProcessBus().Connect());
        await using var server = await Server.StartAsync(bus, () => new JsonWire(rooms: RoomChannels.DynamicPrivate), options: options => options.Recovery = new());
        var asked = new TaskCompletionSource();
        // A socket that is let in has a channel of its own. Another thread emits meanwhile.
        bus.OnSubscribe = channel =>
        {
            Task.Run(() => server.Io.EmitAsync("news").AsTask()).Wait(TestHost.Patience);
            asked.TrySetResult();
        };

        await using var client = await server.JoinAsync().Soon();
        await asked.Task.Soon();

        Assert.Equal(0, bus.Blocked);
    }

    private sealed class HookedBus(IClusterBus bus) : IClusterBus
    {
        public event Action<BusState>? StateChanged
        {
            add => bus.StateChanged += value;
            remove => bus.StateChanged -= value;
        }

        public Action<BusChannel>? OnSubscribe { get; set; }

        public int Blocked { get; private set; }

        public string Name => bus.Name;

        public BusState State => bus.State;

        public BusStatistics Statistics => bus.Statistics;

        public Task StartAsync(CancellationToken cancel) => bus.StartAsync(cancel);

        public bool Publish(string channel, ReadOnlyMemory<byte> message) => bus.Publish(channel, message);

        public IBusSubscription Subscribe(BusChannel channel, BusHandler handler)
        {
            var begin = Environment.TickCount64;
            OnSubscribe?.Invoke(channel);
            if (Environment.TickCount64 - begin >= TestHost.Patience.TotalMilliseconds) Blocked++;
            return bus.Subscribe(channel, handler);
        }

        public ValueTask<int> CountAsync(string channel, CancellationToken cancel) => bus.CountAsync(channel, cancel);

        public ValueTask DisposeAsync() => bus.DisposeAsync();
    }
}

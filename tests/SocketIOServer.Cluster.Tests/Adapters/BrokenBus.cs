namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A bus of a third party that throws from every member once it is broken.</summary>
public sealed class BrokenBus(IClusterBus bus) : IClusterBus
{
    public event Action<BusState>? StateChanged
    {
        add => Whole.StateChanged += value;
        remove => Whole.StateChanged -= value;
    }

    public bool IsBroken { get; set; }

    public string Name => Whole.Name;

    public BusState State => Whole.State;

    public BusStatistics Statistics => Whole.Statistics;

    private IClusterBus Whole => IsBroken ? throw new InvalidOperationException("the bus's") : bus;

    public Task StartAsync(CancellationToken cancel) => Whole.StartAsync(cancel);

    public bool Publish(string channel, ReadOnlyMemory<byte> message) => Whole.Publish(channel, message);

    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler) => new Subscription(this, Whole.Subscribe(channel, handler));

    public ValueTask<int> CountAsync(string channel, CancellationToken cancel) => Whole.CountAsync(channel, cancel);

    public ValueTask DisposeAsync() => Whole.DisposeAsync();

    private sealed class Subscription(BrokenBus owner, IBusSubscription subscription) : IBusSubscription
    {
        public Task Ready => owner.IsBroken ? throw new InvalidOperationException("the subscription's") : subscription.Ready;

        public ValueTask DisposeAsync() => owner.IsBroken ? throw new InvalidOperationException("the subscription's") : subscription.DisposeAsync();
    }
}

using SocketIOServer.Cluster;

namespace LoadCluster;

/// <summary>A bus that tells the receiver of each message after the server has handled it: an event is then with the sockets of this server.</summary>
internal sealed class CountingBus(IClusterBus bus, Receiver receiver) : IClusterBus
{
    public event Action<BusState>? StateChanged
    {
        add => bus.StateChanged += value;
        remove => bus.StateChanged -= value;
    }

    public string Name => bus.Name;

    public BusState State => bus.State;

    public BusStatistics Statistics => bus.Statistics;

    public Task StartAsync(CancellationToken cancel) => bus.StartAsync(cancel);

    public bool Publish(string channel, ReadOnlyMemory<byte> message) => bus.Publish(channel, message);

    public IBusSubscription Subscribe(BusChannel channel, BusHandler handler) => bus.Subscribe(channel, (name, message) =>
    {
        handler(name, message);
        receiver.OnEvent(message);
    });

    public ValueTask<int> CountAsync(string channel, CancellationToken cancel) => bus.CountAsync(channel, cancel);

    public ValueTask DisposeAsync() => bus.DisposeAsync();
}

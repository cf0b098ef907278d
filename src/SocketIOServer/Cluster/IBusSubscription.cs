namespace SocketIOServer.Cluster;

/// <summary>A subscription to a channel of a bus. It lasts until it is disposed, across outages of the bus. Disposing it never throws for an outage.</summary>
public interface IBusSubscription : IAsyncDisposable
{
    /// <summary>Completes when the bus has confirmed the subscription for the first time: what is published from then on arrives.</summary>
    Task Ready { get; }
}

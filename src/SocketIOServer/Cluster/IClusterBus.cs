namespace SocketIOServer.Cluster;

/// <summary>
/// Publish and subscribe between the processes of a cluster. All cluster logic is above it, so a bus for another engine is this interface and nothing more;
/// <see cref="ClusterBus"/> brings what every engine needs: a bounded queue, a probe and one line in the log for each change of state.
/// Any thread may call any member. Messages of one publisher on one channel arrive in the order in which they were published, each at most once.
/// </summary>
public interface IClusterBus : IAsyncDisposable
{
    /// <summary>A short name of the engine for logs and metrics, such as "redis".</summary>
    string Name { get; }

    /// <summary>What the bus knows of its connection now.</summary>
    BusState State { get; }

    /// <summary>Raised after each change of <see cref="State"/>, one at a time. Handlers must not wait and must not throw.</summary>
    event Action<BusState>? StateChanged;

    /// <summary>
    /// What does not work of a bus that is alive, in a sentence for the health check, such as the name of a node of a Redis Cluster that cannot be reached.
    /// Null: nothing is known.
    /// </summary>
    string? Problem => null;

    /// <summary>Counts since the start.</summary>
    BusStatistics Statistics { get; }

    /// <summary>Begins to connect. The server serves its own clients whether or not the engine is there.</summary>
    /// <param name="cancel">Ends the wait, not the bus.</param>
    /// <returns>Completes when the bus is alive or the first attempt has failed. An outage is no failure of the task.</returns>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Queues a message; never waits. A message whose fate is unknown after an outage is never published again.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="message">The message. Its bytes must not change afterwards.</param>
    /// <returns>False: the message was dropped, because the queue is full, the bus is not connected, or the engine does not carry the channel now.</returns>
    bool Publish(string channel, ReadOnlyMemory<byte> message);

    /// <summary>
    /// Whether the engine carries the messages of a channel now. An engine of several nodes can lose some channels and keep the others; any other carries all
    /// of them while it is alive.
    /// </summary>
    /// <param name="channel">The channel.</param>
    bool Carries(string channel) => State == BusState.Alive;

    /// <summary>Subscribes at once; an outage delays only <see cref="IBusSubscription.Ready"/>. After an outage the bus restores the subscription.</summary>
    /// <param name="channel">The channel, or what the channels' names begin with.</param>
    /// <param name="handler">Called for each message. If it throws, the bus logs the exception and goes on.</param>
    IBusSubscription Subscribe(BusChannel channel, BusHandler handler);

    /// <summary>How many subscriptions the engine has for a channel, in all processes.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The count; -1 where the engine does not know it or does not answer.</returns>
    ValueTask<int> CountAsync(string channel, CancellationToken cancel);
}

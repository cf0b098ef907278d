namespace SocketIOServer;

/// <summary>A set of sockets of one namespace. Narrowing it gives a new set; it is looked up anew at each call.</summary>
public interface IBroadcast : IEmitter
{
    /// <summary>Of the set without rooms, only sockets that are in one of these; further rooms are added. A socket in several is in once. A socket id is a room.</summary>
    IBroadcast To(params ReadOnlySpan<string> rooms);

    /// <summary>Without the sockets of these rooms.</summary>
    IBroadcast Except(params ReadOnlySpan<string> rooms);

    /// <summary>Only sockets of this process. Today there are no others.</summary>
    IBroadcast Local { get; }

    /// <summary>Events are dropped for sockets whose transport cannot send at once.</summary>
    IBroadcast Volatile { get; }

    /// <summary>False: events are sent as they are where <see cref="EngineOptions.WebSocketCompression"/> is on, say pictures.</summary>
    IBroadcast Compress(bool compress);

    /// <summary>
    /// Emits to every socket of the set and waits until each has answered or left, or the time is over. Who is silent makes no error:
    /// the reply says who is missing.
    /// </summary>
    /// <param name="name">The event.</param>
    /// <param name="arg">Its argument.</param>
    /// <param name="timeout">How long to wait; null: AckTimeout.</param>
    /// <param name="cancel">Stops waiting with an OperationCanceledException.</param>
    Task<BroadcastReply<T>> CallAsync<T>(string name, object? arg, TimeSpan? timeout = null, CancellationToken cancel = default);

    /// <inheritdoc cref="CallAsync{T}(string, object?, TimeSpan?, CancellationToken)"/>
    Task<BroadcastReply<T>> CallAsync<T>(string name, TimeSpan? timeout = null, CancellationToken cancel = default);

    /// <summary>The sockets of the set.</summary>
    Task<IReadOnlyList<IRemoteSocket>> FetchSocketsAsync(CancellationToken cancel = default);

    /// <summary>How many sockets are in the set.</summary>
    Task<int> CountAsync(CancellationToken cancel = default);

    /// <summary>Puts every socket of the set into these rooms, those among them that OnConnecting has put into a room and not let in yet.</summary>
    ValueTask JoinAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Takes every socket of the set out of these rooms; of which sockets, see <see cref="JoinAsync"/>.</summary>
    ValueTask LeaveAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Disconnects every socket of the set, those that are not let in yet as with <see cref="JoinAsync"/>.</summary>
    /// <param name="close">True ends the whole connections, with all their namespaces.</param>
    ValueTask DisconnectAsync(bool close = false);
}

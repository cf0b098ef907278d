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
    /// Sends an event with any number of arguments to every socket of the set and waits until each has answered or left, or until the timeout. A socket
    /// that does not answer is not an error: the reply lists it. <see cref="CallExtensions"/> has the forms for one argument and for none.
    /// </summary>
    /// <typeparam name="T">The type of the answers. A socket that answers with anything else is listed as missing.</typeparam>
    /// <param name="name">The name of the event.</param>
    /// <param name="args">The arguments: each element is one.</param>
    /// <param name="timeout">How long to wait. Null takes <see cref="SocketServerOptions.AckTimeout"/>.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answers by socket id, and the sockets that did not answer.</returns>
    Task<BroadcastReply<T>> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default);

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

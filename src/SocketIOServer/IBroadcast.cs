namespace SocketIOServer;

/// <summary>
/// A set of sockets of one namespace. All members may be used from any thread.
/// </summary>
/// <remarks>A set is a description: narrowing it gives another set, and each call looks up who is in it at that moment. So a program may keep a set.</remarks>
/// <example><code>await server.Of("/chat").To("lobby").Except("muted").EmitAsync("news", "hello");</code></example>
public interface IBroadcast : IEmitter
{
    /// <summary>Only the sockets that are in at least one of these rooms. A second <c>To</c> adds rooms. A socket that is in several rooms is in the set once. The id of a socket is a room.</summary>
    IBroadcast To(params ReadOnlySpan<string> rooms);

    /// <summary>Without the sockets that are in one of these rooms.</summary>
    IBroadcast Except(params ReadOnlySpan<string> rooms);

    /// <summary>Only the sockets of this process. Without an adapter that spans processes, these are all.</summary>
    IBroadcast Local { get; }

    /// <summary>Events are dropped for sockets whose transport cannot send at once.</summary>
    IBroadcast Volatile { get; }

    /// <summary>Emits to the same sockets with or without compression.</summary>
    /// <param name="compress">False sends events uncompressed where <see cref="EngineOptions.WebSocketCompression"/> is on, for example pictures.</param>
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

    /// <summary>The sockets of the set, with their users, rooms and data.</summary>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    Task<SocketList> FetchSocketsAsync(CancellationToken cancel = default);

    /// <summary>How many sockets are in the set.</summary>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    Task<int> CountAsync(CancellationToken cancel = default);

    /// <summary>How many sockets are in the set, and which servers of the cluster did not say how many they have.</summary>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    async Task<SocketCount> CountSocketsAsync(CancellationToken cancel = default) => new(await CountAsync(cancel), []);

    /// <summary>Puts every socket of the set into these rooms. This includes sockets that OnConnecting has put into a room of the set and that are not let in yet, and with <see cref="SocketServerOptions.Recovery"/> those whose clients are away.</summary>
    ValueTask JoinAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Takes every socket of the set out of these rooms. It acts on the same sockets as <see cref="JoinAsync"/>.</summary>
    ValueTask LeaveAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Disconnects every socket of the set. It acts on the same sockets as <see cref="JoinAsync"/>: one that is not let in yet is refused.</summary>
    /// <param name="close">True ends the whole connections, with all their namespaces.</param>
    ValueTask DisconnectAsync(bool close = false);
}

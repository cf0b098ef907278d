namespace SocketIOServer;

/// <summary>
/// One client in one namespace, in this process or in another one: what any process can know of it and do with it. All members may be used from any thread.
/// </summary>
/// <remarks>
/// <see cref="IBroadcast.FetchSocketsAsync"/> returns these. Their properties are those of the moment at which they were fetched, and what they are told reaches
/// the socket wherever it is. A socket of this process is an <see cref="ISocket"/>, which is an <see cref="IRemoteSocket"/> with current values;
/// <see cref="ISocketNamespace.FindSocket"/> finds it. To send to a socket by its id alone, use the id as a room: <c>server.To(id).EmitAsync(…)</c>.
/// </remarks>
/// <example>
/// <code>
/// foreach (var socket in await server.Of("/chat").To("lobby").FetchSocketsAsync())
/// {
///     await socket.EmitAsync("status", $"{socket.UserId} is in {string.Join(", ", socket.Rooms)}");
///     if (socket.Data.Get&lt;bool&gt;("banned")) await socket.DisconnectAsync();
/// }
/// </code>
/// </example>
public interface IRemoteSocket : IEmitter
{
    /// <summary>The id, which the client knows too, and which is also the name of a room with this socket alone in it. The id of a 1.x or 2.x client contains the secret session id: do not show it to others.</summary>
    string Id { get; }

    /// <summary>The name of the namespace, "/" for the default one.</summary>
    string Namespace { get; }

    /// <summary>The id of the user, from <see cref="EngineOptions.UserId"/>: the name identifier, unless the program configures another. Null if there is none.</summary>
    string? UserId { get; }

    /// <summary>The id of the server that the socket is connected to (<see cref="ISocketCluster.NodeId"/>). Null without a cluster, and for a server that does not say it, such as Node's.</summary>
    string? NodeId => null;

    /// <summary>The rooms that the socket is in, its own id included. While OnDisconnecting and OnDisconnected run: the rooms that it was in.</summary>
    IReadOnlyCollection<string> Rooms { get; }

    /// <summary>The values that the program keeps with the socket. Only the process of the socket can change them, through <see cref="ISocket.Data"/>.</summary>
    ReadOnlySocketData Data { get; }

    /// <summary>What the client sent when it connected.</summary>
    Handshake Handshake { get; }

    /// <summary>
    /// Sends an event with any number of arguments and waits for the client's ack. <see cref="CallExtensions"/> has the forms for one argument and for none.
    /// A handler may await it: acks do not wait behind handlers.
    /// </summary>
    /// <typeparam name="T">The type of the answer, which is the first argument of the ack. Further arguments are ignored.</typeparam>
    /// <param name="name">The name of the event.</param>
    /// <param name="args">The arguments: each element is one.</param>
    /// <param name="timeout">How long to wait. Null takes <see cref="SocketServerOptions.AckTimeout"/>.</param>
    /// <param name="cancel">Ends the wait with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="TimeoutException">The client did not answer in time.</exception>
    /// <exception cref="SocketDisconnectedException">The socket has left, before or after the call.</exception>
    /// <exception cref="System.Text.Json.JsonException">
    /// The answer is not a <typeparamref name="T"/>. If a constructor or converter of the type threw another exception, it is the inner exception.
    /// A socket of another process whose answer is not a <typeparamref name="T"/> counts as one that did not answer.
    /// </exception>
    Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default);

    /// <summary>Puts the socket into rooms. A room exists as long as a socket is in it. Without effect if the socket has left.</summary>
    ValueTask JoinAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Takes the socket out of rooms. A socket that disconnects leaves all its rooms.</summary>
    ValueTask LeaveAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Disconnects the client from this namespace. Events that were sent before still arrive, and the client does not reconnect by itself.</summary>
    /// <param name="close">True ends the whole connection, with all its namespaces.</param>
    ValueTask DisconnectAsync(bool close = false);
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace SocketIOServer;

/// <summary>One client in one namespace. Emitting to it sends to that client alone. Any thread.</summary>
public interface ISocket : IEmitter
{
    /// <summary>The id that the client knows too. Of clients 1.x and 2.x it contains the secret session id: do not show it to others.</summary>
    string Id { get; }

    /// <summary>The name of the namespace, "/" for the default one.</summary>
    string Namespace { get; }

    /// <summary>The id of the user, by <see cref="EngineOptions.UserId"/>: the name identifier unless the program says otherwise. Null when there is none.</summary>
    string? UserId { get; }

    /// <summary>The user of the first request, or of the token where the namespace has AuthenticateToken.</summary>
    ClaimsPrincipal User { get; }

    /// <summary>What the client said when it connected.</summary>
    Handshake Handshake { get; }

    /// <summary>Values that the program keeps with this socket.</summary>
    SocketData Data { get; }

    /// <summary>The rooms it is in, its own id among them. While OnDisconnecting and OnDisconnected run: those it was in.</summary>
    IReadOnlyCollection<string> Rooms { get; }

    /// <summary>The transport at this moment; an upgrade changes it.</summary>
    TransportKind Transport { get; }

    /// <summary>It has joined its namespace and not left it.</summary>
    bool IsConnected { get; }

    /// <summary>Cancelled when it leaves its namespace.</summary>
    CancellationToken Disconnected { get; }

    /// <summary>Everyone in the namespace except this socket, as in Node.</summary>
    IBroadcast Broadcast { get; }

    /// <summary>Everyone in the namespace, this socket included. <c>Everyone.To("room")</c> includes this socket if it is in the room; <see cref="To"/> does not.</summary>
    ISocketNamespace Everyone { get; }

    /// <summary>Drops events to this socket that its transport cannot send at once.</summary>
    IEmitter Volatile { get; }

    /// <summary>False: an event to this socket is sent as it is where <see cref="EngineOptions.WebSocketCompression"/> is on, say a picture.</summary>
    IEmitter Compress(bool compress);

    /// <summary>The sockets that are in at least one of these rooms, except this socket. As in Node, what starts at a socket excludes it.</summary>
    IBroadcast To(params ReadOnlySpan<string> rooms);

    /// <summary>Everyone in the namespace except this socket and the sockets in these rooms.</summary>
    IBroadcast Except(params ReadOnlySpan<string> rooms);

    /// <summary>Another namespace of the same server.</summary>
    ISocketNamespace Of(string name);

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
    /// </exception>
    Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default);

    /// <summary>
    /// Handles an event of this socket alone, beside the namespace's handler and after it. As there, parameters are filled by type
    /// and services; what it returns is the ack where the namespace has no handler for the event. Of several the first one answers.
    /// </summary>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    void On(string name, Delegate handler);

    /// <summary>As <see cref="On"/>, for the next event of that name only.</summary>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    void Once(string name, Delegate handler);

    /// <summary>Takes back the handlers that <see cref="On"/> and <see cref="Once"/> gave this socket for an event; null: for all.</summary>
    void Off(string? name = null);

    /// <summary>Joins rooms, which exist as long as someone is in them. Without effect once the socket has left.</summary>
    ValueTask JoinAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Leaves rooms. Disconnecting leaves all.</summary>
    ValueTask LeaveAsync(params ReadOnlySpan<string> rooms);

    /// <summary>Disconnects the client from this namespace; what was sent before still arrives, and it does not come back by itself.</summary>
    /// <param name="close">True ends the whole connection, with all its namespaces.</param>
    ValueTask DisconnectAsync(bool close = false);
}

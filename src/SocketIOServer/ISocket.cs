using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;

namespace SocketIOServer;

/// <summary>
/// One client of this process in one namespace. Emitting to it sends to that client alone. All members may be used from any thread.
/// </summary>
/// <remarks>
/// In a unit test, <c>FakeSocket</c> of the package SocketIOServer.Testing takes its place. The server is the only other implementation that is meant to exist; members
/// that later versions add have a default, so that other implementations still compile.
/// </remarks>
public interface ISocket : IRemoteSocket
{
    /// <summary>The user of the first request, or of the token if the namespace has AuthenticateToken.</summary>
    ClaimsPrincipal User { get; }

    /// <summary>The values that the program keeps with this socket.</summary>
    new SocketData Data { get; }

    ReadOnlySocketData IRemoteSocket.Data => Data;

    /// <summary>The transport at this moment. An upgrade changes it.</summary>
    TransportKind Transport { get; }

    /// <summary>Whether the socket has been let into its namespace and has not left it.</summary>
    bool IsConnected { get; }

    /// <summary>
    /// Whether this is the session of a client that had lost its connection: id, rooms, <see cref="Data"/> and missed events are those of its last socket. Always
    /// false without <see cref="SocketServerOptions.Recovery"/>. OnConnected runs in both cases.
    /// </summary>
    bool Recovered => false;

    /// <summary>Cancelled when the socket leaves its namespace.</summary>
    CancellationToken Disconnected { get; }

    /// <summary>Everyone in the namespace except this socket, as in Node.</summary>
    IBroadcast Broadcast { get; }

    /// <summary>Everyone in the namespace, this socket included. <c>Everyone.To("room")</c> includes this socket if it is in the room; <see cref="To"/> does not.</summary>
    ISocketNamespace Everyone { get; }

    /// <summary>Emits to this socket what may be lost: an event is dropped if the transport cannot send it at once.</summary>
    IEmitter Volatile { get; }

    /// <summary>
    /// Emits events that are kept until the client has acked them, and are sent again in order if the client comes back. Needs <see cref="SocketServerOptions.Inbox"/> and
    /// <see cref="SocketServerOptions.Recovery"/>: a client that begins a new session does not get them. For users that come back later see <see cref="ISocketNamespace.ToUser"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">One of the options is not set.</exception>
    IEmitter Durable => throw new NotSupportedException("There are no inboxes here.");

    /// <summary>Emits to this socket with or without compression.</summary>
    /// <param name="compress">False sends events uncompressed where <see cref="EngineOptions.WebSocketCompression"/> is on, for example a picture.</param>
    IEmitter Compress(bool compress);

    /// <summary>The sockets that are in at least one of these rooms, except this socket. As in Node, what starts at a socket excludes it.</summary>
    IBroadcast To(params ReadOnlySpan<string> rooms);

    /// <summary>Everyone in the namespace except this socket and the sockets in these rooms.</summary>
    IBroadcast Except(params ReadOnlySpan<string> rooms);

    /// <summary>
    /// Puts the socket into a room and sends it the latest events of the room, in their order. Later events of the room follow them: none is missing in between,
    /// and none comes twice. Without effect if the socket is in the room already, also because its client has its session back, or has left.
    /// </summary>
    /// <param name="room">The name of the room.</param>
    /// <param name="maxEvents">How many events at most. Default: all that <see cref="SocketNamespaceBuilder.KeepHistory"/> keeps of the room.</param>
    /// <returns>How many events were sent.</returns>
    /// <remarks>
    /// It sends the latest ones that fit into half of <see cref="EngineOptions.MaxQueuedBytes"/>. An event is left out if the socket is in a room that the event excepts, or
    /// has got it already by another room.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The namespace has no <see cref="SocketNamespaceBuilder.KeepHistory"/>, or the socket is not let in yet: use OnConnected instead of OnConnecting.</exception>
    /// <example><code>io.OnConnected((ISocket socket) =&gt; socket.JoinWithHistoryAsync("news", 20));</code></example>
    async ValueTask<int> JoinWithHistoryAsync(string room, int maxEvents = int.MaxValue)
    {
        await JoinAsync(room);
        return 0;
    }

    /// <summary>Another namespace of the same server.</summary>
    /// <exception cref="ArgumentException">There is no such namespace: see <see cref="ISocketServer.Of"/>.</exception>
    ISocketNamespace Of(string name);

    /// <summary>
    /// Handles an event of this socket alone, after the handler of the namespace. Parameters are filled as there, and what the handler returns is the ack
    /// if the namespace has no handler for the event. Of several handlers the first one answers.
    /// </summary>
    /// <param name="name">The name of the event.</param>
    /// <param name="handler">A function with any parameters.</param>
    /// <exception cref="ArgumentException">The name is reserved, or the function cannot be a handler.</exception>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    void On(string name, Delegate handler);

    /// <summary>Handles the next event of this name only; otherwise like <see cref="On"/>.</summary>
    /// <inheritdoc cref="On"/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    void Once(string name, Delegate handler);

    /// <summary>Removes the handlers of an event that <see cref="On"/> and <see cref="Once"/> added.</summary>
    /// <param name="name">The name of the event. Null removes the handlers of all events.</param>
    void Off(string? name = null);

    /// <summary>
    /// Observes every event that this client sends, after the OnAny of the namespace and before the handler. The first parameter of type string is the name of
    /// the event, and the arguments follow. It does not answer an ack.
    /// </summary>
    /// <param name="handler">A function with any parameters.</param>
    /// <exception cref="ArgumentException">The function cannot be a handler.</exception>
    /// <example><code>socket.OnAny((string name, JsonElement[] args) =&gt; logger.LogDebug("{Name}: {Count} arguments", name, args.Length));</code></example>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    void OnAny(Delegate handler);

    /// <summary>Removes what <see cref="OnAny"/> added.</summary>
    void OffAny();

    /// <summary>
    /// Observes every event that the program sends to this socket from this process: to the socket alone, and in broadcasts that include it. Acks are not events.
    /// </summary>
    /// <param name="observer">Called on the thread that emits, before the event is queued, so it must be quick. What it throws is logged. It is not called for what an observer of a socket emits.</param>
    void OnAnyOutgoing(Action<OutgoingEvent> observer);

    /// <summary>Removes what <see cref="OnAnyOutgoing"/> added.</summary>
    void OffAnyOutgoing();
}

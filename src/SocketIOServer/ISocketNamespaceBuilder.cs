using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;

namespace SocketIOServer;

/// <summary>
/// Declares what a namespace does. Handlers are read once, here; a signature that cannot work throws here. Parameters are
/// filled by their type (ISocket, ISocketServer, ISocketNamespace, Handshake, ClaimsPrincipal, ISession, CancellationToken,
/// JsonElement[] or JsonNode?[] for all arguments raw), then from the services, and the rest are the event's arguments in order.
/// </summary>
public interface ISocketNamespaceBuilder
{
    /// <summary>
    /// Handles an event. Events of one socket are handled in order, one at a time; acks do not wait for them. What the handler
    /// returns is the ack, a tuple is several ack arguments. An exception is logged and ends nothing; there is no ack then.
    /// </summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder On(string name, Delegate handler);

    /// <summary>Runs before a client is let in; throwing <see cref="ConnectionRefusedException"/> keeps it out. Other exceptions do too, and are logged.</summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder OnConnecting(Delegate handler);

    /// <summary>Runs when a client is in. It may run as long as the client stays: a CancellationToken parameter tells when it leaves.</summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder OnConnected(Delegate handler);

    /// <summary>
    /// Runs when a client leaves, before OnDisconnected; a LeaveReason parameter tells why. A CancellationToken parameter is cancelled when the stop of
    /// the host waits no longer.
    /// </summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder OnDisconnecting(Delegate handler);

    /// <summary>
    /// Runs once when a client has left, after the handlers of its earlier events; a LeaveReason parameter tells why. The stop of the host waits for it,
    /// and a CancellationToken parameter is cancelled when it waits no longer.
    /// </summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder OnDisconnected(Delegate handler);

    /// <summary>
    /// Runs before the handler of every event, and where there is none. Its first parameter of type string is the event's name, what
    /// follows are the arguments; it answers no ack.
    /// </summary>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder OnAny(Delegate handler);

    /// <summary>
    /// Handles the events that neither this namespace nor the socket itself has a handler for. Its first parameter of type string is the
    /// event's name, and what follows are the arguments. What it returns is the ack, as with <see cref="On"/>, and filters are around it. Without
    /// it such an event is dropped, with one line at Debug; where <see cref="SocketServerOptions.AckErrors"/> is on, a client that asked for
    /// an ack gets <c>{"error":"no handler"}</c>. <see cref="OnAny"/> is no handler of an event.
    /// </summary>
    /// <exception cref="ArgumentException">The namespace has a fallback handler already.</exception>
    /// <example><code>io.OnFallback((string name, JsonElement[] args) =&gt; new { error = $"unknown event {name}" });</code></example>
    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    ISocketNamespaceBuilder OnFallback(Delegate handler);

    /// <summary>
    /// Told of every event that the program emits to clients of this namespace, once for each emit and before it is queued; acks are no events.
    /// On the emitting thread: it should be quick. What it throws is logged, and the event is sent.
    /// It is not told of what it emits itself.
    /// </summary>
    ISocketNamespaceBuilder OnAnyOutgoing(Action<OutgoingEvent> observer);

    /// <summary>
    /// Told when rooms of this namespace begin and end, and who joins and leaves, in the order in which it happens, on this server. One call at a
    /// time, on the thread of whoever changes rooms: it should be quick. What it throws is logged.
    /// </summary>
    ISocketNamespaceBuilder OnRoomChanged(Action<RoomChange> observer);

    /// <summary>Told of every exception that a handler or a hook of this namespace throws, after it was logged. What it throws itself is logged only.</summary>
    ISocketNamespaceBuilder OnError(Func<EventError, ValueTask> handler);

    /// <summary>Puts code around every event's handler; filters for all namespaces (<see cref="ISocketServerBuilder"/>) are around it.</summary>
    ISocketNamespaceBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IEventFilter;

    /// <summary>
    /// Lets in whom ASP.NET's policies allow, all of them; without a name the default policy, which asks for a user that is signed in.
    /// Others are refused with "unauthorized". On a lambda or method [Authorize] does the same for one event.
    /// </summary>
    /// <exception cref="InvalidOperationException">AddAuthorization was not called.</exception>
    ISocketNamespaceBuilder Authorize(params string[] policies);

    /// <summary>
    /// Counts the events of each socket by a token bucket; what is beyond it is not handled, and answered with
    /// <c>{"error":"rate limited"}</c> where an ack is asked for. No timer: tokens are added when an event comes.
    /// </summary>
    [OverloadResolutionPriority(1)] // LimitEvents(new() { … }) means options, though new() could be any type's.
    ISocketNamespaceBuilder LimitEvents(TokenBucketRateLimiterOptions options);

    /// <summary>
    /// As above with any limiter, asked for at each socket's first event, and disposed of when the socket has left and its last event is handled. If
    /// the function or the limiter throws, the exception is logged and the event is not handled.
    /// </summary>
    /// <param name="create">Gives the socket's limiter.</param>
    /// <param name="isShared">True: other sockets are given the same limiter, say all of one user, so the program disposes of it. Default false.</param>
    ISocketNamespaceBuilder LimitEvents(Func<ISocket, RateLimiter> create, bool isShared = false);

    /// <summary>
    /// Takes the user from a token in the auth payload, <c>io({ auth: { token } })</c>, through ASP.NET's authentication: to the scheme it
    /// looks like a request with <c>Authorization: Bearer</c>. A wrong token is refused with "unauthorized", no token leaves the user of
    /// the first request.
    /// </summary>
    /// <param name="member">Where the token stands in the payload.</param>
    /// <param name="scheme">Which authentication scheme reads it; null: the default one.</param>
    /// <exception cref="InvalidOperationException">AddAuthentication was not called.</exception>
    ISocketNamespaceBuilder AuthenticateToken(string member = "token", string? scheme = null);
}

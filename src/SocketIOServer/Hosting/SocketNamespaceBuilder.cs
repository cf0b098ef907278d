using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using SocketIOServer.Events;
using SocketIOServer.Hosting;
using SocketIOServer.Json;

namespace SocketIOServer;

/// <summary>
/// Declares what a namespace does. Each handler is checked and compiled here, once; a signature that cannot work throws an
/// <see cref="ArgumentException"/> that says what to write instead. A parameter is filled by its type (ISocket, ISocketServer, ISocketNamespace,
/// Handshake, ClaimsPrincipal, ISession, CancellationToken), else by a registered service; the other parameters are the event's arguments, in order.
/// JsonElement[] and JsonNode?[] take all arguments.
/// </summary>
/// <remarks>
/// Every method returns the builder, so calls chain in any order. <see cref="Of(string)"/> and <see cref="OfAny"/> go on with another namespace of the
/// same server. Methods of ASP.NET such as RequireAuthorization and RequireCors act on the whole endpoint; they exist only on the
/// <see cref="SocketEndpointBuilder"/> that MapSocketIO returns. One namespace is protected by <see cref="Authorize"/>.
/// </remarks>
/// <example><code>
/// app.MapSocketIO()
///     .On("echo", (string text) =&gt; text)
///     .RequireCors("pages")
///     .Of("/chat")
///         .On("say", (string text, ISocket socket) =&gt; socket.Everyone.EmitAsync("said", text))
///     .Of("/admin")
///         .Authorize("Admin")
///         .On("kick", (string id, ISocketServer server) =&gt; server.To(id).DisconnectAsync());
/// </code></example>
public class SocketNamespaceBuilder
{
    private readonly SocketServer _server;
    private readonly HandlerTable _handlers;

    internal SocketNamespaceBuilder(SocketServer server, HandlerTable handlers) => (_server, _handlers) = (server, handlers);

    /// <summary>Declares a namespace, or continues its declaration.</summary>
    /// <param name="name">The name, with or without its leading slash. It is never relative to the namespace of this builder.</param>
    /// <returns>The builder of that namespace.</returns>
    /// <exception cref="ArgumentException">The name is longer than 256 bytes, or has a comma or a question mark.</exception>
    public SocketNamespaceBuilder Of(string name) => new(_server, _server.Declare(name).Context.Handlers);

    /// <summary>
    /// Declares the namespaces whose names a function admits. A namespace that has no declaration of its own then exists while a socket is in it. All
    /// of them share these handlers; ISocket.Namespace tells which one a socket is in, and OnConnecting may refuse a client.
    /// </summary>
    /// <param name="admits">
    /// Tells whether a name such as "/game-17" is admitted. It is called on any thread for each socket that connects, and by ISocketServer.Of for a
    /// namespace that nobody is in, so it must be quick.
    /// </param>
    /// <param name="created">
    /// Called when the first client enters such a namespace, before OnConnecting, and again when a client enters after all others have left: Node's <c>new_namespace</c>. It runs on
    /// the thread that reads from the client, so it must be quick. What it throws is logged.
    /// </param>
    /// <returns>The builder of these namespaces.</returns>
    public SocketNamespaceBuilder OfAny(Func<string, bool> admits, Action<ISocketNamespace>? created = null)
    {
        ArgumentNullException.ThrowIfNull(admits);
        return new(_server, _server.Dynamic.Declare(admits, created));
    }

    /// <summary>Declares a namespace by a class. Several classes may share one namespace, but each event has one handler.</summary>
    /// <param name="name">The namespace. Default null: what [Namespace] on the class says.</param>
    /// <returns>The builder of that namespace.</returns>
    /// <exception cref="ArgumentException">The class names no namespace, has no handlers, or has a handler that cannot work.</exception>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public SocketNamespaceBuilder Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string? name = null)
        where T : SocketController
    {
        var path = name ?? ClassBinder.PathOf(typeof(T)) ?? throw new ArgumentException($"{typeof(T).Name} names no namespace. Write [Namespace(\"/name\")] on the class, or pass the name to Of.");
        var handlers = _server.Declare(path).Context.Handlers;
        ClassBinder.Bind<T>(handlers, _server.Binder);
        handlers.Authorization = AuthorizationCheck.Create(ClassBinder.AuthorizeOf(typeof(T)), _server.ServiceTypes) ?? handlers.Authorization;
        return new(_server, handlers);
    }

    /// <summary>
    /// Handles an event. A socket's events are handled one at a time, in order; acks do not wait for handlers. What the handler returns is the ack,
    /// and a tuple is several ack arguments. An exception is logged, and the socket stays connected.
    /// </summary>
    /// <param name="name">The event, case-sensitive.</param>
    /// <param name="handler">A lambda with typed parameters, or a method.</param>
    /// <exception cref="ArgumentException">The name is reserved by the protocol, the event has a handler already, or the handler cannot work.</exception>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder On(string name, Delegate handler)
    {
        PacketEncoder.CheckName(name);
        _handlers.AddEvent(Bind(name, handler, HandlerKind.Event));
        return this;
    }

    /// <summary>
    /// Runs before a client is let in. <see cref="ConnectionRefusedException"/> refuses the client with a message. Any other exception refuses it
    /// too, without its text, and is logged.
    /// </summary>
    /// <param name="handler">Takes what handlers take, except arguments of an event.</param>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnConnecting(Delegate handler)
    {
        _handlers.AddConnecting(Bind(nameof(OnConnecting), handler));
        return this;
    }

    /// <summary>
    /// Runs when a client has been let in. It may run as long as the client stays: a CancellationToken parameter is cancelled when the client leaves.
    /// </summary>
    /// <param name="handler">Takes what handlers take, except arguments of an event.</param>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnConnected(Delegate handler)
    {
        _handlers.AddConnected(Bind(nameof(OnConnected), handler));
        return this;
    }

    /// <summary>
    /// Runs when a client leaves, before OnDisconnected. A LeaveReason parameter says why. A CancellationToken parameter is cancelled when the host,
    /// while it stops, waits no longer.
    /// </summary>
    /// <param name="handler">Takes what handlers take, except arguments of an event.</param>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnDisconnecting(Delegate handler)
    {
        _handlers.AddDisconnecting(Bind(nameof(OnDisconnecting), handler, HandlerKind.LeaveHook));
        return this;
    }

    /// <summary>
    /// Runs once when a client has left, after the handlers of its earlier events. A LeaveReason parameter says why. A host that stops waits for it; a
    /// CancellationToken parameter is cancelled when the host waits no longer.
    /// </summary>
    /// <param name="handler">Takes what handlers take, except arguments of an event.</param>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnDisconnected(Delegate handler)
    {
        _handlers.AddDisconnected(Bind(nameof(OnDisconnected), handler, HandlerKind.LeaveHook));
        return this;
    }

    /// <summary>
    /// Runs before the handler of every event, and for events without a handler. Its first parameter of type string is the name of the event, the
    /// others are the arguments. It gives no ack.
    /// </summary>
    /// <param name="handler">Takes what handlers of events take.</param>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnAny(Delegate handler)
    {
        _handlers.AddAny(Bind(nameof(OnAny), handler, HandlerKind.Any));
        return this;
    }

    /// <summary>
    /// Handles the events that have no handler, neither in this namespace nor on the socket (<see cref="OnAny"/> does not count). Its first parameter
    /// of type string is the name of the event, the others are the arguments. What it returns is the ack, as with <see cref="On"/>, and filters run
    /// around it. Without a fallback such an event is dropped with one log line at Debug, and a client that asked for an ack gets
    /// <c>{"error":"no handler"}</c> unless <see cref="SocketServerOptions.AckErrors"/> is off.
    /// </summary>
    /// <param name="handler">Takes what handlers of events take.</param>
    /// <exception cref="ArgumentException">The namespace has a fallback already.</exception>
    /// <example><code>io.OnFallback((string name, JsonElement[] args) =&gt; new { error = $"unknown event {name}" });</code></example>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnFallback(Delegate handler)
    {
        _handlers.AddFallback(Bind(nameof(OnFallback), handler, HandlerKind.Any));
        return this;
    }

    /// <summary>
    /// Handles an event that another server of the cluster has sent to this namespace with <see cref="ISocketCluster"/>, or one of Node's with
    /// <c>serverSideEmit</c>. Parameters are services and the event's arguments, as in other handlers, but there is no client. What the handler returns is the answer.
    /// Handlers begin in the order of the events and do not wait for each other. An exception is logged, and the sender is told that this server has not answered.
    /// </summary>
    /// <param name="name">The event, case-sensitive.</param>
    /// <param name="handler">A lambda with typed parameters, or a method.</param>
    /// <exception cref="ArgumentException">The name is reserved by the protocol, the event has a handler already, or the handler cannot work.</exception>
    /// <example><code>
    /// app.MapSocketIO().OnCluster("forget", (string key, IMemoryCache cache) =&gt; cache.Remove(key))
    ///     .Of("/chat").OnCluster("load", (ISocketNamespace chat) =&gt; chat.Local.CountAsync());
    /// </code></example>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public virtual SocketNamespaceBuilder OnCluster(string name, Delegate handler)
    {
        PacketEncoder.CheckName(name);
        _handlers.AddCluster(Bind(name, handler, HandlerKind.Cluster));
        return this;
    }

    /// <summary>
    /// Observes every event that the program emits to clients of this namespace: once for each emit, before it is queued, on the emitting thread, so
    /// it must be quick. Acks are not events. What it throws is logged, and the event is sent. It does not observe what it emits itself.
    /// </summary>
    /// <param name="observer">Called with each event.</param>
    public virtual SocketNamespaceBuilder OnAnyOutgoing(Action<OutgoingEvent> observer)
    {
        _handlers.Outgoing.Add(observer);
        return this;
    }

    /// <summary>
    /// Observes rooms of this namespace on this server: when one begins or ends, and when a socket joins or leaves, in the order in which it
    /// happens. Calls come one at a time, on the thread that changes the room, so it must be quick. What it throws is logged.
    /// </summary>
    /// <param name="observer">Called with each change.</param>
    public virtual SocketNamespaceBuilder OnRoomChanged(Action<RoomChange> observer)
    {
        _handlers.RoomChanged.Add(observer);
        return this;
    }

    /// <summary>
    /// Runs after an exception of a handler or a hook of this namespace has been logged. What it throws itself is only logged.
    /// </summary>
    /// <param name="handler">Called with each exception.</param>
    public virtual SocketNamespaceBuilder OnError(Func<EventError, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.AddError(handler);
        return this;
    }

    /// <summary>
    /// Runs a filter around the handler of every event. The first filter added is the outermost; filters of the server
    /// (<see cref="ISocketServerBuilder"/>) run around those of a namespace.
    /// </summary>
    /// <typeparam name="T">The registered service, or a class that is created for each event with services in its constructor.</typeparam>
    public virtual SocketNamespaceBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IEventFilter
    {
        _handlers.AddFilter(_server.Binder.BindFilter<T>());
        return this;
    }

    /// <summary>
    /// Lets a client in only if its user meets every one of these policies of ASP.NET. Without a name it is the default policy, which requires a signed-in
    /// user. Other clients are refused with "unauthorized". [Authorize] on a handler does the same for one event.
    /// </summary>
    /// <param name="policies">Names of policies.</param>
    /// <exception cref="InvalidOperationException">AddAuthorization was not called.</exception>
    public virtual SocketNamespaceBuilder Authorize(params string[] policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        IAuthorizeData[] data = policies.Length == 0 ? [new AuthorizeAttribute()] : [.. policies.Select(policy => new AuthorizeAttribute(policy))];
        _handlers.Authorization = AuthorizationCheck.Create(data, _server.ServiceTypes);
        return this;
    }

    /// <summary>
    /// Keeps the latest events of each room, so that <see cref="ISocket.JoinWithHistoryAsync"/> can send them to clients that join later. Events that are volatile, that
    /// ask for an ack or that go to a single socket are not kept. The namespaces of one <see cref="OfAny"/> share the limits of the options.
    /// </summary>
    /// <param name="configure">Changes the defaults. Null: the defaults, which keep 100 events of every room for an hour.</param>
    /// <exception cref="InvalidOperationException">It was called before for this namespace, or the server has an adapter of UseAdapter.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <example><code>
    /// app.MapSocketIO().Of("/chat")
    ///     .KeepHistory(history =&gt; history.Events = 50)
    ///     .On("open", (string room, ISocket socket) =&gt; socket.JoinWithHistoryAsync(room));
    /// </code></example>
    public virtual SocketNamespaceBuilder KeepHistory(Action<HistoryOptions>? configure = null)
    {
        if (_handlers.History is not null) throw new InvalidOperationException($"{nameof(KeepHistory)} was called before for this namespace.");
        var options = new HistoryOptions();
        configure?.Invoke(options);
        options.Validate();
        _server.KeepHistory(_handlers, options);
        return this;
    }

    /// <summary>
    /// Limits the events of each socket by a token bucket. An event beyond the limit is not handled, and a client that asked for an ack gets
    /// <c>{"error":"rate limited"}</c>. There is no timer: tokens are added when an event comes.
    /// </summary>
    /// <param name="options">The size of the bucket and how fast it fills. AutoReplenishment and the queue are not used.</param>
    [OverloadResolutionPriority(1)] // LimitEvents(new() { … }) means options, although new() could be of any type.
    public virtual SocketNamespaceBuilder LimitEvents(TokenBucketRateLimiterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var counted = new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.TokenLimit,
            TokensPerPeriod = options.TokensPerPeriod,
            ReplenishmentPeriod = options.ReplenishmentPeriod,
            // A timer for each socket would be costly, and a queue would hold up the events behind.
            AutoReplenishment = false,
        };
        // Wrong numbers throw here, not when the first client comes.
        new TokenBucketRateLimiter(counted).Dispose();
        _handlers.Limit = new(_ => new TokenBucketRateLimiter(counted), IsShared: false);
        return this;
    }

    /// <summary>
    /// Limits the events of each socket by any limiter. If the function or the limiter throws, the exception is logged and the event is not handled.
    /// </summary>
    /// <param name="create">
    /// Gives the socket its limiter; called at the socket's first event. The server disposes of the limiter when the socket has left and its last
    /// event has been handled.
    /// </param>
    /// <param name="isShared">True: several sockets are given the same limiter, such as all of one user, so the program disposes of it. Default false.</param>
    public virtual SocketNamespaceBuilder LimitEvents(Func<ISocket, RateLimiter> create, bool isShared = false)
    {
        ArgumentNullException.ThrowIfNull(create);
        _handlers.Limit = new(create, isShared);
        return this;
    }

    /// <summary>
    /// Takes the user from a token in the auth payload, <c>io({ auth: { token } })</c>, by ASP.NET's authentication: the scheme sees a request with
    /// <c>Authorization: Bearer</c>. A client with a wrong token is refused with "unauthorized". A client without a token keeps the user of its first
    /// request.
    /// </summary>
    /// <param name="member">The name of the token in the payload.</param>
    /// <param name="scheme">The authentication scheme that reads it. Default null: the default scheme.</param>
    /// <exception cref="InvalidOperationException">AddAuthentication was not called.</exception>
    public virtual SocketNamespaceBuilder AuthenticateToken(string member = "token", string? scheme = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        if (_server.ServiceTypes?.IsService(typeof(IAuthenticationService)) == false)
            throw new InvalidOperationException("Call builder.Services.AddAuthentication() to use AuthenticateToken().");
        _handlers.Authentication = new TokenAuthentication(member, scheme).RunAsync;
        _handlers.TokenMember = member;
        return this;
    }

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    private Handler Bind(string name, Delegate handler, HandlerKind kind = HandlerKind.Hook) => _server.Binder.Bind(name, handler, kind);
}

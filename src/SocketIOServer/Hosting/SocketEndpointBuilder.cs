using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using SocketIOServer.Events;
using SocketIOServer.Json;

namespace SocketIOServer;

/// <summary>
/// What MapSocketIO returns: declares the default namespace, and takes the conventions of the endpoint, such as RequireCors, RequireAuthorization and
/// RequireHost. A convention acts on the HTTP requests of all clients, whatever namespaces they join. It also acts on the requests for
/// <see cref="SocketServerOptions.ClientFiles"/>, but these need no authorization.
/// </summary>
public sealed class SocketEndpointBuilder : SocketNamespaceBuilder, IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _endpoint;
    private readonly SocketServer _server;

    internal SocketEndpointBuilder(SocketServer server, IEndpointConventionBuilder endpoint)
        : base(server, server.Root.Context.Handlers) => (_server, _endpoint) = (server, endpoint);

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder On(string name, Delegate handler)
    {
        base.On(name, handler);
        return this;
    }

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnConnecting(Delegate handler)
    {
        base.OnConnecting(handler);
        return this;
    }

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnConnected(Delegate handler)
    {
        base.OnConnected(handler);
        return this;
    }

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnDisconnecting(Delegate handler)
    {
        base.OnDisconnecting(handler);
        return this;
    }

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnDisconnected(Delegate handler)
    {
        base.OnDisconnected(handler);
        return this;
    }

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnAny(Delegate handler)
    {
        base.OnAny(handler);
        return this;
    }

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnFallback(Delegate handler)
    {
        base.OnFallback(handler);
        return this;
    }

    /// <summary>
    /// Handles an event that another server of the cluster has sent with <see cref="ISocketCluster"/>, or one of Node's with <c>io.serverSideEmit</c>.
    /// Parameters are services and the event's arguments, as in other handlers, but there is no client. What the handler returns is the answer. Handlers begin
    /// in the order of the events and do not wait for each other. An exception is logged, and the sender is told that this server has not answered.
    /// </summary>
    /// <param name="name">The event, case-sensitive.</param>
    /// <param name="handler">A lambda with typed parameters, or a method.</param>
    /// <exception cref="ArgumentException">The name is reserved by the protocol, the event has a handler already, or the handler cannot work.</exception>
    /// <example><code>app.MapSocketIO().OnCluster("forget", (string key, IMemoryCache cache) =&gt; cache.Remove(key));</code></example>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public SocketEndpointBuilder OnCluster(string name, Delegate handler)
    {
        PacketEncoder.CheckName(name);
        _server.Root.Context.Handlers.AddCluster(_server.Binder.Bind(name, handler, HandlerKind.Cluster));
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder OnAnyOutgoing(Action<OutgoingEvent> observer)
    {
        base.OnAnyOutgoing(observer);
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder OnRoomChanged(Action<RoomChange> observer)
    {
        base.OnRoomChanged(observer);
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder OnError(Func<EventError, ValueTask> handler)
    {
        base.OnError(handler);
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
    {
        base.AddFilter<T>();
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder Authorize(params string[] policies)
    {
        base.Authorize(policies);
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder LimitEvents(TokenBucketRateLimiterOptions options)
    {
        base.LimitEvents(options);
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder LimitEvents(Func<ISocket, RateLimiter> create, bool isShared = false)
    {
        base.LimitEvents(create, isShared);
        return this;
    }

    /// <inheritdoc/>
    public override SocketEndpointBuilder AuthenticateToken(string member = "token", string? scheme = null)
    {
        base.AuthenticateToken(member, scheme);
        return this;
    }

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention) => _endpoint.Add(convention);

    /// <inheritdoc/>
    public void Finally(Action<EndpointBuilder> finallyConvention) => _endpoint.Finally(finallyConvention);
}

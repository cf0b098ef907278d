using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;

namespace SocketIOServer;

/// <summary>
/// What MapSocketIO returns: declares the default namespace, and takes the conventions of the endpoint, such as RequireCors, RequireAuthorization and
/// RequireHost. A convention acts on the HTTP requests of all clients, whatever namespaces they join. It also acts on the requests for
/// <see cref="SocketServerOptions.ClientFiles"/>, but these need no authorization.
/// </summary>
public sealed class SocketEndpointBuilder : SocketNamespaceBuilder, IEndpointConventionBuilder
{
    private readonly IEndpointConventionBuilder _endpoint;

    internal SocketEndpointBuilder(SocketServer server, IEndpointConventionBuilder endpoint)
        : base(server, server.Root.Context.Handlers) => _endpoint = endpoint;

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

    /// <inheritdoc/>
    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public override SocketEndpointBuilder OnCluster(string name, Delegate handler)
    {
        base.OnCluster(name, handler);
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
    public override SocketEndpointBuilder KeepHistory(Action<HistoryOptions>? configure = null)
    {
        base.KeepHistory(configure);
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

using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using SocketIOServer.Events;
using SocketIOServer.Json;

namespace SocketIOServer.Hosting;

/// <summary>Declares the handlers of a namespace, or of those that share them.</summary>
internal class NamespaceBuilder(SocketServer server, HandlerTable handlers) : ISocketNamespaceBuilder
{
    protected SocketServer Server => server;

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder On(string name, Delegate handler)
    {
        PacketEncoder.CheckName(name);
        handlers.AddEvent(Bind(name, handler, HandlerKind.Event));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnConnecting(Delegate handler)
    {
        handlers.AddConnecting(Bind(nameof(OnConnecting), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnConnected(Delegate handler)
    {
        handlers.AddConnected(Bind(nameof(OnConnected), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnDisconnecting(Delegate handler)
    {
        handlers.AddDisconnecting(Bind(nameof(OnDisconnecting), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnDisconnected(Delegate handler)
    {
        handlers.AddDisconnected(Bind(nameof(OnDisconnected), handler));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnAny(Delegate handler)
    {
        handlers.AddAny(Bind(nameof(OnAny), handler, HandlerKind.Any));
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public ISocketNamespaceBuilder OnFallback(Delegate handler)
    {
        handlers.AddFallback(Bind(nameof(OnFallback), handler, HandlerKind.Any));
        return this;
    }

    public ISocketNamespaceBuilder OnAnyOutgoing(Action<OutgoingEvent> observer)
    {
        handlers.Outgoing.Add(observer);
        return this;
    }

    public ISocketNamespaceBuilder OnRoomChanged(Action<RoomChange> observer)
    {
        handlers.RoomChanged.Add(observer);
        return this;
    }

    public ISocketNamespaceBuilder OnError(Func<EventError, ValueTask> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        handlers.AddError(handler);
        return this;
    }

    public ISocketNamespaceBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IEventFilter
    {
        handlers.AddFilter(FilterFactories.Of<T>());
        return this;
    }

    public ISocketNamespaceBuilder Authorize(params string[] policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        IAuthorizeData[] data = policies.Length == 0 ? [new AuthorizeAttribute()] : [.. policies.Select(policy => new AuthorizeAttribute(policy))];
        handlers.Admission = Admission.Create(data, server.ServiceTypes);
        return this;
    }

    public ISocketNamespaceBuilder AuthenticateToken(string member = "token", string? scheme = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        if (server.ServiceTypes?.IsService(typeof(IAuthenticationService)) == false)
            throw new InvalidOperationException("Call builder.Services.AddAuthentication() to use AuthenticateToken().");
        handlers.Authentication = new(member, scheme);
        return this;
    }

    public ISocketNamespaceBuilder LimitEvents(TokenBucketRateLimiterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var counted = new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.TokenLimit,
            TokensPerPeriod = options.TokensPerPeriod,
            ReplenishmentPeriod = options.ReplenishmentPeriod,
            // A timer for each socket would be dear, and a queue holds up what comes behind.
            AutoReplenishment = false,
        };
        // Wrong numbers throw here, not when the first client comes.
        new TokenBucketRateLimiter(counted).Dispose();
        return LimitEvents(_ => new TokenBucketRateLimiter(counted));
    }

    public ISocketNamespaceBuilder LimitEvents(Func<ISocket, RateLimiter> create, bool isShared = false)
    {
        ArgumentNullException.ThrowIfNull(create);
        handlers.Limit = new(create, isShared);
        return this;
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    private Handler Bind(string name, Delegate handler, HandlerKind kind = HandlerKind.Hook) => server.Binder.Bind(name, handler, kind);
}

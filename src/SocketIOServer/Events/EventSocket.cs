using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>
/// A socket as event dispatch sees it: who it is, its own handlers, what limits its events, and the program's code that runs for it.
/// </summary>
internal abstract class EventSocket : Member
{
    // Of the id of an old client.
    private const int ShownChars = 6;

    private readonly NamespaceContext _namespace;
    private CancellationTokenSource? _disconnected;
    private SocketHandlers? _handlers;
    private Observers<OutgoingEvent>? _outgoing;
    private ConcurrentRuns? _concurrentRuns;
    private SocketLimiter? _limiter;
    private ClaimsPrincipal? _user;
    private string? _userId;
    private bool _hasRetryKeys;

    protected EventSocket(string id, EngineSession session, EventClient client, NamespaceContext @namespace, Handshake handshake)
        : base(id, session, @namespace.Server.Options.MaxQueuedBytes)
    {
        _namespace = @namespace;
        Client = client;
        Handshake = handshake;
        Work = new(this, @namespace.Server.Running);
    }

    /// <summary>The same socket as the program gets it.</summary>
    public abstract ISocket Public { get; }

    public EventClient Client { get; }

    public NamespaceContext Context => _namespace;

    public Handshake Handshake { get; }

    public ClaimsPrincipal User => _user ?? Session.Request.User;

    public string? UserId => _user is null ? Session.Request.UserId : _userId;

    public TransportKind Transport => Session.Transport.Name == "websocket" ? TransportKind.WebSocket : TransportKind.Polling;

    /// <summary>The id for the log. Of an old client it is only the beginning, since the whole id is the secret of its session.</summary>
    public string LogId
    {
        get
        {
            if (!Client.HasSecretIds) return Id;
            var secret = Id.AsSpan(Id.IndexOf('#', StringComparison.Ordinal) + 1);
            // GenerateId may give an id that is shorter.
            return string.Concat(secret[..Math.Min(secret.Length / 2, ShownChars)], "…");
        }
    }

    /// <summary>The handlers of this socket alone; null while it has none.</summary>
    public SocketHandlers? Handlers => _handlers;

    /// <summary>The handlers that run while later events are handled.</summary>
    public ConcurrentRuns ConcurrentRuns => _concurrentRuns ?? Interlocked.CompareExchange(ref _concurrentRuns, new(), null) ?? _concurrentRuns;

    /// <summary>The handler that its lane has begun last, for the log.</summary>
    public Handler? Current { get; set; }

    /// <summary>The program's code that runs for it.</summary>
    public SocketWork Work { get; }

    /// <summary>The server has stopped, and no more of the program's code is begun.</summary>
    public bool IsAbandoned => _namespace.Server.Running.IsAbandoned;

    public CancellationToken Disconnected
    {
        get
        {
            if (_disconnected is null) Interlocked.CompareExchange(ref _disconnected, new CancellationTokenSource(), null);
            if (HasLeft) CancelDisconnected();
            return _disconnected.Token;
        }
    }

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public void On(string name, Delegate handler) => Add(name, handler, isOnce: false);

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public void Once(string name, Delegate handler) => Add(name, handler, isOnce: true);

    public void Off(string? name = null) => _handlers?.Remove(name);

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    public void OnAny(Delegate handler) => MakeHandlers().AddAny(_namespace.Server.Binder.Bind(nameof(OnAny), handler, HandlerKind.Any));

    public void OffAny() => _handlers?.RemoveAny();

    public void OnAnyOutgoing(Action<OutgoingEvent> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        // Read once: OffAnyOutgoing may clear it at any moment.
        var made = new Observers<OutgoingEvent>("OnAnyOutgoing");
        (Interlocked.CompareExchange(ref _outgoing, made, null) ?? made).Add(observer);
        _namespace.Outgoing.Add(this);
        // Either this sees that it has left, or its leaving sees it there.
        if (HasLeft) _namespace.Outgoing.Remove(this);
    }

    public void OffAnyOutgoing()
    {
        _namespace.Outgoing.Remove(this);
        _outgoing = null;
    }

    /// <summary>Tells its own observers of an event that goes to it.</summary>
    public void NotifyOutgoing(OutgoingEvent sent) => _outgoing?.Notify(sent, _namespace, this);

    /// <summary>While the program decides whether to let it in: the user that its token names. Throws what the program's UserId throws.</summary>
    public void SignIn(ClaimsPrincipal user) => (_userId, _user) = (_namespace.Server.Options.UserId(user), user);

    /// <summary>Counts an event. Called in the lane, so by one thread at a time. Throws what the program's limiter throws.</summary>
    public bool TryAcquire(EventLimit limit) => (_limiter ??= new(this, limit)).TryAcquire();

    /// <summary>The owner of the keys of its events.</summary>
    public RetryOwner OwnRetries()
    {
        if (UserId is { Length: > 0 } user) return new(_namespace.Name, IsUser: true, user);
        _hasRetryKeys = true;
        return new(_namespace.Name, IsUser: false, Id);
    }

    /// <summary>The last event is handled. Called in the lane.</summary>
    public void EndLimit() => _limiter?.End(this);

    /// <summary>Runs the disconnect hooks of a socket that has left, if a handler still holds them back. Runs none of the program's code on this thread.</summary>
    public abstract void RunDisconnectHooksNow();

    /// <summary>Logs an error of the program's code that was called for this socket.</summary>
    public void OnFailed(Exception error, string what) => UserCode.OnFailed(error, what, _namespace, this);

    /// <summary>The socket has left. If its client cannot get it back, nobody can repeat its events.</summary>
    protected void ForgetRetries()
    {
        if (_hasRetryKeys && _namespace.Recovery is null) _namespace.Server.Retries.Forget(new(_namespace.Name, IsUser: false, Id));
    }

    /// <summary>The socket has left. Not on this thread: what is registered may be the program's.</summary>
    protected void CancelDisconnected()
    {
        if (_disconnected is { } source) _ = UserCode.CancelAsync(source, _namespace, this);
    }

    [RequiresUnreferencedCode(TrimReasons.Handlers), RequiresDynamicCode(TrimReasons.Handlers)]
    private void Add(string name, Delegate handler, bool isOnce)
    {
        Json.PacketEncoder.CheckName(name);
        var bound = _namespace.Server.Binder.Bind(name, handler, HandlerKind.Event);
        MakeHandlers().Add(bound, isOnce);
    }

    private SocketHandlers MakeHandlers() => _handlers ?? Interlocked.CompareExchange(ref _handlers, new(), null) ?? _handlers;
}

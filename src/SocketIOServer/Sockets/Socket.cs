using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;
using SocketIOServer.Events;
using SocketIOServer.Json;
using SocketIOServer.Namespaces;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Sockets;

/// <summary>One client in one namespace: handlers, rooms, data, emit.</summary>
internal sealed class Socket : Member, ISocket
{
    private readonly Client _client;
    private readonly Namespace _namespace;
    private readonly EventLane _lane;
    private volatile DisconnectHooks? _disconnectHooks;
    private CancellationTokenSource? _disconnected;
    private AckTable? _acks;
    private SocketData? _data;
    private SocketHandlers? _handlers;
    private ConcurrentRuns? _beside;
    private SocketLimiter? _limiter;
    private ClaimsPrincipal? _user;
    private string? _userId;
    private IReadOnlyCollection<string>? _lastRooms;
    private string? _leaveReason;
    private volatile bool _isLaneOpen;

    public Socket(Client client, Namespace @namespace, string id, Handshake handshake)
        : base(id, client.Session, @namespace.Server.Options.MaxQueuedBytes)
    {
        _client = client;
        _namespace = @namespace;
        _lane = new(this, @namespace.Server.Options.MaxQueuedEvents, client.Unhandled);
        Work = new(this, @namespace.Server.Running);
        Work.Begin(SocketWork.Admission);
        Handshake = handshake;
    }

    /// <summary>What the program declared for this socket alone; null as long as that is nothing.</summary>
    public SocketHandlers? Handlers => _handlers;

    public ConcurrentRuns Beside => _beside ?? Interlocked.CompareExchange(ref _beside, new(), null) ?? _beside;

    public string Namespace => _namespace.Name;

    /// <summary>Its namespace for traces and metrics.</summary>
    public string NamespaceGroup => _namespace.MetricName;

    public SocketMetrics Metrics => _namespace.Server.Metrics;

    public ReadOnlySpan<byte> Utf8Namespace => _namespace.Utf8Name;

    public Handshake Handshake { get; }

    public ClaimsPrincipal User => _user ?? Session.Request.User;

    public string? UserId => _user is null ? Session.Request.UserId : _userId;

    public SocketData Data => _data ?? Interlocked.CompareExchange(ref _data, new(), null) ?? _data;

    public IReadOnlyCollection<string> Rooms => _lastRooms ?? _namespace.Adapter.RoomsOf(this);

    public TransportKind Transport => Session.Transport.Name == "websocket" ? TransportKind.WebSocket : TransportKind.Polling;

    /// <summary>The program's code that runs for it.</summary>
    public SocketWork Work { get; }

    /// <summary>The server has stopped, and nothing more of the program's is begun.</summary>
    public bool IsAbandoned => _namespace.Server.Running.IsAbandoned;

    /// <summary>The handler that its lane has begun last, for the log.</summary>
    public Handler? Current { get; set; }

    /// <summary>Its client has just left the namespace, on the same connection, and the hooks of that socket still run.</summary>
    public bool IsRejoin { get; set; }

    public CancellationToken Disconnected
    {
        get
        {
            if (_disconnected is null) Interlocked.CompareExchange(ref _disconnected, new CancellationTokenSource(), null);
            // Not here and now: what is registered may be the program's.
            if (HasLeft) _ = UserCode.CancelAsync(_disconnected, _namespace, this);
            return _disconnected.Token;
        }
    }

    public IBroadcast Broadcast => new TargetedBroadcast(_namespace, Target.Everyone.Without(Id));

    public ISocketNamespace Everyone => _namespace;

    public IEmitter Volatile => new SocketEmitter(this, isVolatile: true, isCompressed: true);

    private AckTable Acks => _acks ?? Interlocked.CompareExchange(ref _acks, new(_namespace.Server.Options.MaxPendingAcks), null) ?? _acks;

    public IBroadcast To(params ReadOnlySpan<string> rooms) => Broadcast.To(rooms);

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => Broadcast.Except(rooms);

    public IEmitter Compress(bool compress) => new SocketEmitter(this, isVolatile: false, compress);

    public ISocketNamespace Of(string name) => _namespace.Server.Of(name);

    public ValueTask EmitAsync(string name) => EmitAsync<object?, object?, object?>(name, 0, null, null, null);

    public ValueTask EmitAsync<T>(string name, T arg) => EmitAsync<T, object?, object?>(name, 1, arg, null, null);

    public ValueTask EmitAsync<T1, T2>(string name, T1 first, T2 second) => EmitAsync<T1, T2, object?>(name, 2, first, second, null);

    public ValueTask EmitAsync<T1, T2, T3>(string name, T1 first, T2 second, T3 third) => EmitAsync(name, 3, first, second, third);

    public ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args) => EmitArgsAsync(name, args, isVolatile: false, isCompressed: true);

    public ValueTask SendAsync<T>(T arg) => EmitAsync("message", arg);

    public Task<T> CallArgsAsync<T>(string name, ReadOnlySpan<object?> args, TimeSpan? timeout = null, CancellationToken cancel = default)
    {
        try
        {
            var body = _namespace.Encoder.Body(name, args);
            if (_namespace.Handlers.Outgoing.Any) Tell(name, args);
            return CallAsync<T>(name, body, timeout ?? _namespace.Server.Options.AckTimeout, cancel);
        }
        catch (Exception e)
        {
            // What cannot be sent is told where the call is awaited, as its other ends are.
            return Task.FromException<T>(e);
        }
    }

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public void On(string name, Delegate handler) => Add(name, handler, isOnce: false);

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    public void Once(string name, Delegate handler) => Add(name, handler, isOnce: true);

    public void Off(string? name = null) => _handlers?.Remove(name);

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms)
    {
        _namespace.Adapter.Join(this, rooms);
        return default;
    }

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms)
    {
        _namespace.Adapter.Leave(this, rooms);
        return default;
    }

    public ValueTask DisconnectAsync(bool close = false)
    {
        Disconnect(close);
        return default;
    }

    public override void Disconnect(bool close)
    {
        if (close) _client.Disconnect();
        else if (!HasLeft) _client.Leave(this, LeaveReason.ByServer, tellClient: true);
    }

    /// <summary>For the log: of an old client only the beginning, since its id is the secret of its session.</summary>
    internal string LogId => _client.Dialect.JoinsRootOnOpen ? Id[(Id.IndexOf('#', StringComparison.Ordinal) + 1)..][..6] + "…" : Id;

    internal Client Client => _client;

    /// <summary>Why it left; the default before.</summary>
    internal LeaveReason LeaveReason => new(System.Threading.Volatile.Read(ref _leaveReason)!);

    internal ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args, bool isVolatile, bool isCompressed)
    {
        var message = _namespace.Encoder.EventArgs(_namespace.Utf8Name, name, args);
        if (_namespace.Handlers.Outgoing.Any) Tell(name, args);
        if (!isCompressed) message.KeepUncompressed();
        Deliver(message, isVolatile);
        return default;
    }

    /// <summary>False: it has left while it was asked whether it may come.</summary>
    internal bool TryConnect()
    {
        if (!TryMoveToConnected()) return false;
        _namespace.Count(1);
        return true;
    }

    /// <summary>OnConnected has begun: from here on events are handled.</summary>
    internal void OpenLane()
    {
        _isLaneOpen = true;
        // Either this sees that it has left, or the one who takes it out sees that the lane is open.
        Interlocked.MemoryBarrier();
        _disconnectHooks?.StartPatience();
        Work.End(SocketWork.Admission);
        _lane.Open();
    }

    /// <summary>It does not come in, and nothing of the program's runs for it any more.</summary>
    internal void EndAdmission()
    {
        Work.SetGone();
        Work.End(SocketWork.Admission);
    }

    /// <summary>Begins the hooks of one that has left, if a handler still holds them back. Runs none of the program's code on this thread.</summary>
    internal void HurryHooks()
    {
        if (_isLaneOpen) _disconnectHooks?.Hurry();
    }

    /// <summary>OnDisconnected has run.</summary>
    internal void OnHooksEnded()
    {
        Work.SetGone();
        Work.End(SocketWork.Disconnect);
    }

    internal ValueTask PostAsync(in SocketPacket packet) => _lane.PostAsync(packet);

    internal void CompleteAck(in SocketPacket packet) => _acks?.TryComplete(packet.Id, new(packet, _namespace.Encoder));

    internal ValueTask HandleAsync(in SocketPacket packet) => _namespace.Handlers.HandleAsync(this, _namespace, packet);

    [RequiresUnreferencedCode(Unreferenced.Handlers), RequiresDynamicCode(Unreferenced.Handlers)]
    private void Add(string name, Delegate handler, bool isOnce)
    {
        PacketEncoder.CheckName(name);
        var bound = _namespace.Server.Binder.Bind(name, handler, HandlerKind.Event);
        (_handlers ?? Interlocked.CompareExchange(ref _handlers, new(), null) ?? _handlers).Add(bound, isOnce);
    }

    internal ValueTask EmitAsync<T1, T2, T3>(
        string name, int count, T1 first, T2 second, T3 third, bool isVolatile = false, bool isCompressed = true)
    {
        var message = _namespace.Encoder.Event(_namespace.Utf8Name, SocketPacket.NoId, name, count, first, second, third);
        if (_namespace.Handlers.Outgoing.Any) Tell(name, ((ReadOnlySpan<object?>)[first, second, third])[..count]);
        if (!isCompressed) message.KeepUncompressed();
        Deliver(message, isVolatile);
        return default;
    }

    private void Tell(string name, ReadOnlySpan<object?> args) =>
        _namespace.Handlers.Outgoing.Tell(new(name, args.ToArray(), this, [], []), _namespace, this);

    private async Task<T> CallAsync<T>(string name, PacketBody body, TimeSpan timeout, CancellationToken cancel)
    {
        var ack = new PendingAck<T>();
        var id = Acks.Add(ack);
        try
        {
            // A table made after the socket left is told here; one that was there before, by Leave.
            if (HasLeft) Acks.Leave(LeaveReason);
            Deliver(_namespace.Server.Parser.WriteEvent(Utf8Namespace, id, body), isVolatile: false);
            return await ack.Task.WaitAsync(timeout, _namespace.Server.Time, cancel);
        }
        catch (TimeoutException e) when (!ack.Task.IsCompleted)
        {
            throw new TimeoutException($"Socket {LogId} in {Namespace} did not answer \"{name}\" within {timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s.", e);
        }
        finally
        {
            Acks.Remove(id);
        }
    }

    public override SocketSnapshot Describe() => new() { Id = Id, UserId = UserId, Rooms = Rooms };

    internal override long? Ask(BroadcastCall call)
    {
        try
        {
            var id = Acks.Add(new BroadcastAck(call, this, _namespace));
            if (HasLeft) Acks.Leave(LeaveReason);
            var body = _namespace.Server.Parser.BodyOf(call.Event.Message, Utf8Namespace);
            Deliver(_namespace.Server.Parser.WriteEvent(Utf8Namespace, id, body), isVolatile: false);
            return id;
        }
        catch (Exception e) when (e is SocketDisconnectedException or InvalidOperationException)
        {
            return null;
        }
    }

    internal override void Forget(long ackId) => _acks?.Remove(ackId);

    /// <summary>While it is asked whether it may come in: who its token says it is. Throws what the program's UserId throws.</summary>
    internal void SignIn(ClaimsPrincipal user) => (_userId, _user) = (_namespace.Server.Options.UserId(user), user);

    /// <summary>One event more. In the lane, so one at a time. Throws what the program's limiter throws.</summary>
    internal bool TryAcquire(EventLimit limit) => (_limiter ??= new(this, limit)).TryAcquire();

    /// <summary>The last event is handled. In the lane.</summary>
    internal void EndLimit() => _limiter?.End(this, _namespace);

    /// <summary>The program's own, while it was called for this socket.</summary>
    internal void OnFailed(Exception error, string what) => UserCode.OnFailed(error, what, _namespace, this);

    /// <summary>Leaves, once, and tells where it was before. Runs no user code: that follows in the lane.</summary>
    internal MemberState Leave(LeaveReason reason)
    {
        // The first reason is the reason; who sees that it left can ask for it.
        if (Interlocked.CompareExchange(ref _leaveReason, reason.Text, null) is not null) return MemberState.Left;
        var before = MoveToLeft();
        if (before == MemberState.Connected) BeginLeaving(reason);
        Work.Leave();
        _lastRooms = RemoveFromAdapter();
        _acks?.Leave(reason);
        _lane.Shut();
        if (_disconnected is { } token) _ = UserCode.CancelAsync(token, _namespace, this);
        _namespace.Server.Dynamic.Exit(_namespace);
        if (_disconnectHooks is not { } hooks) return before;
        _namespace.Count(-1);
        hooks.Begin(_lane);
        return before;
    }

    private IReadOnlyCollection<string> RemoveFromAdapter()
    {
        try
        {
            return _namespace.Adapter.Remove(this);
        }
        catch (Exception e)
        {
            // An adapter of the program's. Whatever else follows a leave must still happen.
            OnFailed(e, "Adapter.Remove");
            return [Id];
        }
    }

    private void BeginLeaving(LeaveReason reason)
    {
        var hooks = new DisconnectHooks(this, _namespace, reason);
        Work.Begin(SocketWork.Lane);
        if (hooks.Any) Work.Begin(SocketWork.Disconnect);
        else Work.SetGone();
        _disconnectHooks = hooks;
        Interlocked.MemoryBarrier();
        if (_isLaneOpen) hooks.StartPatience();
    }
}

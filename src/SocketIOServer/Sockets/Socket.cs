using SocketIOServer.Adapters;
using SocketIOServer.Broadcasts;
using SocketIOServer.Events;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Recovery;

namespace SocketIOServer.Sockets;

/// <summary>One client in one namespace, as the program gets it: emits, rooms, acks; and its way from connecting to having left.</summary>
internal sealed class Socket : EventSocket, ISocket
{
    private static readonly TaskCompletionSource AllHandled = CreateHandled();

    private readonly Client _client;
    private readonly INamespace _namespace;
    private volatile DisconnectHooks? _disconnectHooks;
    private SocketCalls? _calls;
    private SocketData? _data;
    private IReadOnlyCollection<string>? _lastRooms;
    private string? _leaveReason;
    private volatile bool _isLaneOpen;
    private SocketInboxes? _inboxes;
    private TaskCompletionSource? _handled;

    /// <param name="client">Its client.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="id">Its id, unless the client gets its session back.</param>
    /// <param name="handshake">What the client sent.</param>
    /// <param name="recoveryRequest">The session that the client wants back; null if it begins a new one.</param>
    public Socket(Client client, INamespace @namespace, string id, Handshake handshake, RecoveryRequest? recoveryRequest)
        : base(id, client.Session, client, @namespace.Context, handshake)
    {
        _client = client;
        _namespace = @namespace;
        Lane = new(this, Context.Server.Options.MaxQueuedEvents, client.Unhandled);
        Work.Begin(SocketWork.Connecting);
        if (Context.Recovery is { } recovery) Recovery = new(this, recovery, recoveryRequest, client.CanRecover);
    }

    public bool Recovered => Recovery is { HasSession: true };

    public string Namespace => Context.Name;

    public string? NodeId => Context.Server.Options.Cluster?.Id;

    public SocketData Data => _data ?? Interlocked.CompareExchange(ref _data, new(), null) ?? _data;

    public IReadOnlyCollection<string> Rooms => _lastRooms ?? Context.Adapter.RoomsOf(this);

    public IBroadcast Broadcast => new TargetedBroadcast(Context, Target.Everyone.Without(Id));

    public ISocketNamespace Everyone => Context.Everyone;

    public IEmitter Volatile => new SocketEmitter(this, isVolatile: true, isCompressed: true);

    public IEmitter Durable => Inboxes(Context.Inboxes ?? throw new InvalidOperationException($"Set {nameof(SocketServerOptions)}.{nameof(SocketServerOptions.Inbox)} to use Durable.")).Durable;

    public override ISocket Public => this;

    // It has left, or another connection of its client has taken the session and it is about to leave. What a handler that goes on does to its socket holds for the session.
    private bool IsAway => (HasLeft || History?.LastRooms is not null) && Context.Recovery is { } recovery && recovery.IsKept(this);

    private SocketCalls Calls => _calls ?? Interlocked.CompareExchange(ref _calls, new(this), null) ?? _calls;

    public IBroadcast To(params ReadOnlySpan<string> rooms) => Broadcast.To(rooms);

    public IBroadcast Except(params ReadOnlySpan<string> rooms) => Broadcast.Except(rooms);

    public IEmitter Compress(bool compress) => new SocketEmitter(this, isVolatile: false, compress);

    public ISocketNamespace Of(string name) => Context.Server.Public.Of(name);

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
            var body = Context.Encoder.Body(name, args);
            Context.CheckAttachments(body.Attachments, name);
            if (Context.Outgoing.Any) NotifyObservers(name, args);
            return Calls.CallAsync<T>(name, body, timeout ?? Context.Server.Options.AckTimeout, cancel);
        }
        catch (Exception e)
        {
            // The caller gets every error of a call where it awaits it, and those of its arguments too.
            return Task.FromException<T>(e);
        }
    }

    public ValueTask JoinAsync(params ReadOnlySpan<string> rooms)
    {
        Context.Adapter.Join(this, rooms);
        return IsAway ? Context.Adapter.JoinAsync(History!.Self, [.. rooms]) : default;
    }

    public ValueTask<int> JoinWithHistoryAsync(string room, int maxEvents = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(room);
        ArgumentOutOfRangeException.ThrowIfNegative(maxEvents);
        if (Context.History is null) throw new InvalidOperationException($"Call {nameof(SocketNamespaceBuilder.KeepHistory)}() where the namespace {Context.LogName} is declared.");
        if (!IsConnected && !HasLeft) throw new InvalidOperationException("The socket is not let in yet, so it gets no events of its rooms. Call this in OnConnected.");
        var count = Context.Adapter.JoinWithHistory(this, room, maxEvents);
        Context.Server.Metrics.OnHistory(count);
        return new(count);
    }

    public ValueTask LeaveAsync(params ReadOnlySpan<string> rooms)
    {
        Context.Adapter.Leave(this, rooms);
        return IsAway ? Context.Adapter.LeaveAsync(History!.Self, [.. rooms]) : default;
    }

    public ValueTask DisconnectAsync(bool close = false)
    {
        if (Order is { IsIdle: false } order) return DisconnectBehindAsync(order, close);
        Disconnect(close);
        return IsAway ? Context.Adapter.DisconnectAsync(History!.Self, close) : default;
    }

    public override void Disconnect(bool close)
    {
        if (close) _client.Disconnect();
        else if (!HasLeft) _client.Leave(this, LeaveReason.ServerNamespaceDisconnect, tellClient: true);
    }

    public override SocketSnapshot Describe() => new() { Id = Id, UserId = UserId, Rooms = Rooms, Data = _data, Handshake = Handshake };

    public override void RunDisconnectHooksNow()
    {
        if (_isLaneOpen) _disconnectHooks?.RunNow();
    }

    internal override Task Handled => Context.Handlers.HasRetryKeys || Handlers is not null ? WhenHandled.Task : Task.CompletedTask;

    internal override ISharedOrder? Order => Context.Recovery?.Log.Shared;

    /// <summary>Its events, in order.</summary>
    internal EventLane Lane { get; }

    /// <summary>Its client has just left the namespace, on the same connection, and the hooks of that socket still run.</summary>
    internal bool IsRejoin { get; set; }

    /// <summary>Null: clients cannot get their sessions back.</summary>
    internal SocketRecovery? Recovery { get; }

    internal ReadOnlySpan<byte> Utf8Namespace => Context.Utf8Name;

    /// <summary>Why it left; the default before.</summary>
    internal LeaveReason LeaveReason => System.Threading.Volatile.Read(ref _leaveReason) is { } text ? new(text) : default;

    internal ValueTask EmitArgsAsync(string name, ReadOnlySpan<object?> args, bool isVolatile, bool isCompressed)
    {
        var message = Context.Encoder.EventArgs(Context.Utf8Name, name, args);
        Context.CheckAttachments(message.Attachments, name);
        if (Context.Outgoing.Any) NotifyObservers(name, args);
        if (!isCompressed) message.KeepUncompressed();
        return SendAsync(message, isVolatile);
    }

    internal ValueTask EmitAsync<T1, T2, T3>(
        string name, int count, T1 first, T2 second, T3 third, bool isVolatile = false, bool isCompressed = true)
    {
        var message = Context.Encoder.Event(Context.Utf8Name, SocketPacket.NoId, name, count, first, second, third);
        Context.CheckAttachments(message.Attachments, name);
        if (Context.Outgoing.Any) NotifyObservers(name, ((ReadOnlySpan<object?>)[first, second, third])[..count]);
        if (!isCompressed) message.KeepUncompressed();
        return SendAsync(message, isVolatile);
    }

    internal override long? Ask(BroadcastCall call) => Calls.Ask(call);

    internal override void Forget(long ackId) => _calls?.Acks.Remove(ackId);

    internal bool TryAsk(in PacketBody body, IPendingAck ack) => Calls.TryAsk(body, ack);

    internal void CompleteAck(in SocketPacket packet) => _calls?.Acks.TryComplete(packet.Id, new(packet, Context.Encoder));

    /// <summary>The namespace lets it in. False: it has left while the program decided.</summary>
    internal bool TryConnect()
    {
        if (!TryMoveToConnected()) return false;
        _namespace.OnConnected();
        return true;
    }

    /// <summary>Its client gets a session back, or loses it again.</summary>
    internal void Become(string id, SocketData? data) => (Id, _data) = (id, data);

    /// <summary>Before the client is let in, so that it gets every event for its user.</summary>
    internal void JoinUserRoom()
    {
        if (Context.Inboxes is not null && UserId is { Length: > 0 } user && !HasLeft) Context.Adapter.Join(this, [NamespaceInboxes.RoomOf(user)]);
    }

    /// <summary>The client is let in: it gets the durable events that wait for it.</summary>
    internal void StartInboxes()
    {
        if (Context.Inboxes is { } inboxes && (UserId is { Length: > 0 } || Recovered)) Inboxes(inboxes).Start();
    }

    /// <summary>OnConnected has begun: from here on events are handled.</summary>
    internal void OpenLane()
    {
        _isLaneOpen = true;
        // Either this sees that it has left, or Leave sees that the lane is open.
        Interlocked.MemoryBarrier();
        _disconnectHooks?.StartTimeout();
        Work.End(SocketWork.Connecting);
        Lane.Open();
    }

    /// <summary>It is not let in, and none of the program's code runs for it any more.</summary>
    internal void EndConnecting()
    {
        Work.SetHooksEnded();
        Work.End(SocketWork.Connecting);
    }

    /// <summary>Leaves, once, and returns the state before. Runs none of the program's code: the disconnect hooks follow in the lane.</summary>
    internal MemberState Leave(LeaveReason reason)
    {
        // The first reason counts; whoever sees that it has left can ask for it.
        if (Interlocked.CompareExchange(ref _leaveReason, reason.Text, null) is not null) return MemberState.Left;
        var before = MoveToLeft();
        var hooks = before == MemberState.Connected ? PrepareHooks(reason) : null;
        Work.Leave();
        _lastRooms = RemoveFromAdapter(reason);
        _calls?.Acks.Leave(reason);
        Lane.Shut();
        CancelDisconnected();
        Context.Outgoing.Remove(this);
        ForgetRetries();
        _inboxes?.Stop();
        _namespace.OnLeft(wasConnected: hooks is not null);
        hooks?.Begin(Lane);
        return before;
    }

    /// <summary>It has left, and the events that its client had sent before have been handled.</summary>
    internal void OnHandled()
    {
        Work.End(SocketWork.Lane);
        // Mostly nobody has asked for it.
        Interlocked.CompareExchange(ref _handled, AllHandled, null)?.TrySetResult();
    }

    /// <summary>OnDisconnected has run.</summary>
    internal void OnHooksEnded()
    {
        Work.SetHooksEnded();
        Work.End(SocketWork.Disconnect);
    }

    private TaskCompletionSource WhenHandled =>
        _handled ?? Interlocked.CompareExchange(ref _handled, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _handled;

    private static TaskCompletionSource CreateHandled()
    {
        var handled = new TaskCompletionSource();
        handled.SetResult();
        return handled;
    }

    private SocketInboxes Inboxes(NamespaceInboxes inboxes) => _inboxes ?? Interlocked.CompareExchange(ref _inboxes, new(this, inboxes), null) ?? _inboxes;

    private DisconnectHooks PrepareHooks(LeaveReason reason)
    {
        var hooks = new DisconnectHooks(this, reason);
        Work.Begin(SocketWork.Lane);
        if (hooks.Any) Work.Begin(SocketWork.Disconnect);
        else Work.SetHooksEnded();
        _disconnectHooks = hooks;
        Interlocked.MemoryBarrier();
        if (_isLaneOpen) hooks.StartTimeout();
        return hooks;
    }

    private ValueTask SendAsync(OutgoingMessage message, bool isVolatile)
    {
        if (Context.Recovery is not { } recovery || !_client.CanRecover) Deliver(message, isVolatile);
        // The socket has left. Its client may have come back, or may come back yet.
        else if (!DeliverLogged(recovery.Log, message, isVolatile) && recovery.IsKept(this))
            return Context.Adapter.BroadcastAsync(Context.Encoded(message), History!.Self with { IsVolatile = isVolatile });
        return default;
    }

    // What was sent before waits for its place in the log of the cluster.
    private async ValueTask DisconnectBehindAsync(ISharedOrder order, bool close)
    {
        var delivered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        order.Post(delivered.SetResult);
        order.Work();
        await delivered.Task;
        Disconnect(close);
    }

    private IReadOnlyCollection<string> RemoveFromAdapter(LeaveReason reason)
    {
        try
        {
            if (Context.Recovery is { } recovery && History is not null) return recovery.Leave(this, IsRecoverable(reason));
            return Context.Adapter.Remove(this);
        }
        catch (Exception e)
        {
            // An adapter of the program's. Whatever else follows a leave must still happen.
            OnFailed(e, "Adapter.Remove");
            return [Id];
        }
    }

    /// <summary>The reasons of Node's server: those for which the client did not leave by itself and was not told to leave.</summary>
    internal static bool IsRecoverable(LeaveReason reason) =>
        reason == LeaveReason.TransportClose || reason == LeaveReason.TransportError || reason == LeaveReason.PingTimeout
        || reason == LeaveReason.ForcedClose || reason == LeaveReason.ServerShuttingDown;

    private void NotifyObservers(string name, ReadOnlySpan<object?> args) =>
        Context.Outgoing.Notify(new(name, args.ToArray(), Namespace, this, [], []), Context, this);
}

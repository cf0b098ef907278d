using SocketIOServer.EngineIO;

namespace SocketIOServer.Adapters;

/// <summary>
/// A socket of this process as an adapter sees it: its id, its state and the queue to its client. The server hands members to
/// <see cref="Adapter.Add"/> and the other methods of the adapter. All members may be used from any thread.
/// </summary>
public abstract class Member
{
    private volatile HeldMessages? _held;
    private volatile MemberState _state;

    private protected Member(string id, EngineSession session, int maxHeldBytes)
    {
        Id = id;
        Session = session;
        _held = new(session, maxHeldBytes);
    }

    /// <summary>The id of the socket. It is also the name of a room that only this socket is in.</summary>
    public string Id { get; private protected set; }

    /// <summary>The socket has joined its namespace and has not left it.</summary>
    public bool IsConnected => _state == MemberState.Connected;

    /// <summary>The socket has left its namespace. It does not come back; a client that reconnects gets a new socket.</summary>
    public bool HasLeft => _state == MemberState.Left;

    internal EngineSession Session { get; }

    /// <summary>
    /// What the log of the namespace knows of the socket. Null: nothing, because there is no log, or the socket is not let in yet, or its client cannot recover.
    /// </summary>
    internal MemberHistory? History { get; set; }

    /// <summary>The order of the cluster's log in its namespace. Null: there is none, or clients cannot recover.</summary>
    internal virtual ISharedOrder? Order => null;

    /// <summary>Completes when it has left and what its client had sent was handled. It is complete where no event has a key, so that nobody needs to wait.</summary>
    internal virtual Task Handled => Task.CompletedTask;

    /// <summary>The rooms it is in, without the room of its own id. Belongs to <see cref="InMemoryAdapter"/> and is guarded by its lock.</summary>
    internal HashSet<string>? JoinedRooms { get; set; }

    /// <summary>
    /// For each room of a namespace with a history: the position from which on the socket has got each event of the room. The room of its own id is among them.
    /// Guarded by the gate of the history.
    /// </summary>
    internal Dictionary<string, long>? HasEventsFrom { get; set; }

    /// <summary>
    /// Queues an event for the client; never waits. What is sent before the client is let in goes out behind its connect packet. Without effect once the
    /// socket has left.
    /// </summary>
    /// <param name="event">The event.</param>
    /// <param name="isVolatile">Drop the event if the client's transport cannot send it at once.</param>
    public void Send(EncodedEvent @event, bool isVolatile = false) => Deliver(@event.Message, isVolatile);

    /// <summary>Disconnects the socket. What was sent before still arrives.</summary>
    /// <param name="close">True ends the whole connection, with all its namespaces.</param>
    public abstract void Disconnect(bool close);

    /// <summary>Describes the socket for somebody in another process: <see cref="Adapter.FetchAsync"/> returns this.</summary>
    public abstract SocketSnapshot Describe();

    /// <summary>Sends the event of a call and expects an ack. Null: the socket has left, or too many of its acks are waited for, and no answer will come.</summary>
    internal abstract long? Ask(BroadcastCall call);

    /// <summary>Expects an ack no longer.</summary>
    internal abstract void Forget(long ackId);

    /// <summary><see cref="Outbox.Prefetch"/>.</summary>
    internal void Prefetch()
    {
        if (IsConnected) Session.Outbox.Prefetch();
    }

    /// <summary>Queues a message for the client; see <see cref="Send"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isVolatile">Drop it if the transport cannot send it at once.</param>
    /// <param name="isForMany">Others get the same message now, so the client is written to in turn.</param>
    internal void Deliver(OutgoingMessage message, bool isVolatile, bool isForMany = false)
    {
        if (Order is { IsIdle: false } order) DeliverBehind(order, message, isVolatile, isForMany);
        else DeliverNow(message, isVolatile, isForMany);
    }

    // An event that was emitted before waits for its place in the log of the cluster. A method of its own, because the closure would otherwise be allocated for each delivery.
    private void DeliverBehind(ISharedOrder order, OutgoingMessage message, bool isVolatile, bool isForMany)
    {
        order.Post(() => DeliverNow(message, isVolatile, isForMany));
        order.Work();
    }

    private void DeliverNow(OutgoingMessage message, bool isVolatile, bool isForMany)
    {
        if (HasLeft) return;
        if (_held is { } held && (isVolatile || held.TryAdd(message, isLogged: false))) return;
        if (isVolatile) Session.SendVolatile(message);
        else Session.Send(message, isForMany);
    }

    /// <summary>Queues an event for this socket alone, and keeps it in the log. Returns false if the socket has left, so that the event must find it elsewhere.</summary>
    internal bool DeliverLogged(EventLog log, OutgoingMessage message, bool isVolatile)
    {
        if (HasLeft) return false;
        if (_held is { } held && (isVolatile || held.TryAdd(message, isLogged: true))) return true;
        if (log.Shared is { } order) return DeliverInOrder(log, order, message, isVolatile);
        var prepared = log.Prepare(message);
        var sends = QueuedSends.Begin();
        try
        {
            lock (log.Gate)
            {
                if (HasLeft || History?.LastRooms is not null) return false;
                if (!isVolatile && History is { } history) log.Append(prepared, history.Self);
                else log.Stamp(prepared);
                QueueLogged(log, message, prepared.Event, isVolatile, sends);
                return true;
            }
        }
        finally
        {
            sends.End(isForMany: false);
        }
    }

    // What comes first, a return on another connection or the delivery, is not known: the log of the cluster finds the client in either case.
    private bool DeliverInOrder(EventLog log, ISharedOrder order, OutgoingMessage message, bool isVolatile)
    {
        if (isVolatile) order.Post(() => SendUnlogged(log, message));
        else order.Post(message, History?.Self ?? Target.Everyone.To(Id));
        order.Work();
        return true;
    }

    // In the order of the log, so nothing changes the position meanwhile.
    private void SendUnlogged(EventLog log, OutgoingMessage message)
    {
        if (!IsConnected) return;
        Session.SendVolatile(History is null ? message : log.Prepare(message).Event);
    }

    /// <summary>Queues an event that has its place in the log. The caller holds the gate of the log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="plain">The event without its offset, for clients that know nothing of offsets.</param>
    /// <param name="stamped">The event with its offset.</param>
    /// <param name="isVolatile">Drop it if the transport cannot send it at once.</param>
    /// <param name="sends">Where it is queued.</param>
    /// <param name="origin">Which server has sent it.</param>
    /// <param name="isKept">The log keeps it.</param>
    internal void QueueLogged(EventLog log, OutgoingMessage plain, OutgoingMessage stamped, bool isVolatile, QueuedSends sends, in EventOrigin origin = default, bool isKept = true)
    {
        if (History?.Seen is { } seen && seen.Contains(origin)) return;
        // Also of a socket that has left but is still here: its client has missed the event.
        if (isKept && !isVolatile && History is { } history) history.Last = log.Position;
        if (IsConnected) sends.Add(Session, History is null ? plain : stamped, isVolatile);
    }

    /// <summary>Queues the connect packet, and what was sent before it behind it.</summary>
    internal void SendConnected(OutgoingMessage packet)
    {
        Session.Send(packet);
        _held!.Release();
        _held = null;
    }

    /// <summary>The same for a namespace with a log or a history, whose gate the caller holds. What the client has missed comes first.</summary>
    internal void SendConnected(OutgoingMessage packet, EventLog? log, IEnumerable<OutgoingMessage> missed, QueuedSends sends)
    {
        sends.Add(Session, packet);
        foreach (var message in missed) sends.Add(Session, message);
        _held!.Release(this, log, sends);
        _held = null;
    }

    /// <summary>Queues the last packet of a socket that was connected: it has left, and nothing may follow.</summary>
    internal void SendDisconnect(OutgoingMessage packet)
    {
        // Another thread may be sending the connect packet at this moment.
        if (_held is not { } held || !held.TryAdd(packet, isLogged: false)) Session.Send(packet);
    }

    /// <summary>True: the session is closed behind the connect packet and what is held. False: those are out already.</summary>
    internal bool TryCloseBehindHeld() => _held is { } held && held.TryCloseBehind();

    /// <summary>From connecting to connected. False: the socket has left already.</summary>
    private protected bool TryMoveToConnected() =>
        Interlocked.CompareExchange(ref _state, MemberState.Connected, MemberState.Connecting) == MemberState.Connecting;

    /// <summary>From any state to left; returns the state before. What is held of a socket that was not let in is dropped.</summary>
    private protected MemberState MoveToLeft()
    {
        var before = Interlocked.Exchange(ref _state, MemberState.Left);
        if (before != MemberState.Connected) _held?.Drop();
        return before;
    }
}

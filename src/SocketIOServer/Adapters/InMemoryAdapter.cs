using System.Collections.Concurrent;
using System.Collections.Immutable;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Adapters;

/// <summary>
/// Keeps the rooms of the sockets of this process. An adapter that spans processes has one of these and passes to it what is for its own sockets.
/// </summary>
public sealed partial class InMemoryAdapter : Adapter
{
    // So many members stay in a processor's first cache while a broadcast is delivered to them.
    private const int Prefetched = 16;

    private readonly BroadcastBackpressure _backpressure;
    private readonly IRoomObserver? _observer;
    private readonly EventLog? _log;
    private readonly AdapterContext _context;

    // Guards the rooms of each member, and that a room exists exactly as long as somebody is in it.
    private readonly Lock _gate = new();
    private readonly Room _everyone = new();
    // The room of a member's own id: it needs no object.
    private readonly ConcurrentDictionary<string, Member> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);

    /// <summary>Makes the adapter of one namespace.</summary>
    /// <param name="context">The namespace.</param>
    public InMemoryAdapter(AdapterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _backpressure = context.Backpressure;
        _observer = context.Rooms;
        _log = context.Log;
    }

    /// <param name="context">The namespace.</param>
    /// <param name="observer">Told of the rooms in place of the namespace's own observer, which it may tell in turn.</param>
    internal InMemoryAdapter(AdapterContext context, IRoomObserver observer)
        : this(context) => _observer = observer;

    /// <inheritdoc/>
    public override string? Cluster => null;

    /// <inheritdoc/>
    public override void Add(Member member)
    {
        lock (_gate)
        {
            // It may have left while the program decided whether to let it in.
            if (member.HasLeft) return;
            _byId[member.Id] = member;
            _everyone.Add(member);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Remove(Member member)
    {
        IReadOnlyCollection<string> rooms;
        using (EnterOrder())
        {
            lock (_gate)
            {
                _everyone.Remove(member);
                _byId.TryRemove(KeyValuePair.Create(member.Id, member));
                rooms = RoomsOf(member);
                if (member.JoinedRooms is { } joined)
                {
                    foreach (var name in joined) RemoveFrom(name, member);
                }

                member.JoinedRooms = null;
            }
        }

        _observer?.TellSoon();
        return rooms;
    }

    /// <inheritdoc/>
    public override void Join(Member member, ReadOnlySpan<string> rooms)
    {
        ThrowIfNull(rooms);
        using (EnterOrder())
        {
            lock (_gate)
            {
                foreach (var name in rooms) TryJoin(member, name);
            }
        }

        Tell();
    }

    /// <inheritdoc/>
    public override void Leave(Member member, ReadOnlySpan<string> rooms)
    {
        ThrowIfNull(rooms);
        using (EnterOrder())
        {
            lock (_gate)
            {
                foreach (var name in rooms)
                {
                    if (member.JoinedRooms?.Remove(name) != true) continue;
                    member.HasEventsFrom?.Remove(name);
                    RemoveFrom(name, member);
                    member.History?.Note(_log!, name, isJoin: false);
                }
            }
        }

        Tell();
    }

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> RoomsOf(Member member)
    {
        lock (_gate) return [member.Id, .. member.JoinedRooms ?? []];
    }

    /// <inheritdoc/>
    public override Member? Find(string socketId) => _byId.GetValueOrDefault(socketId);

    /// <inheritdoc/>
    public override ValueTask BroadcastAsync(EncodedEvent @event, Target target) => BroadcastAsync(@event, target, default);

    /// <param name="event">The event.</param>
    /// <param name="target">The receivers.</param>
    /// <param name="origin">Which server has sent it.</param>
    internal ValueTask BroadcastAsync(EncodedEvent @event, Target target, EventOrigin origin)
    {
        var message = @event.Message;
        // Before it is queued anywhere.
        if (target.IsUncompressed) message.KeepUncompressed();
        var history = _context.History is { } found && IsKept(found, target) ? found : null;
        if (_log is { } log)
        {
            BroadcastLogged(log, message, target, origin, history);
            return default;
        }

        if (history is not null)
        {
            BroadcastKept(history, message, target);
            return default;
        }

        var members = Select(target);
        _backpressure.OnBroadcast(message.Size, members, members.Count, static (members, index) => members[index].Session.Outbox);
        // A few are written to at once: that costs less than a turn on the pool.
        var isForMany = members.Count > Prefetched;
        for (var i = 0; i < members.ChunkCount; i++) Deliver(message, target, members.Chunk(i), isForMany);
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask CallAsync(BroadcastCall call, Target target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        foreach (var member in Connected(target)) call.Ask(member);
        return default;
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<SocketSnapshot>> FetchAsync(Target target, CancellationToken cancel) =>
        new([.. Connected(target).Select(static member => member.Describe())]);

    /// <inheritdoc/>
    public override ValueTask<int> CountAsync(Target target, CancellationToken cancel)
    {
        var members = Select(target);
        var except = target.Except.AsSpan();
        var count = 0;
        for (var i = 0; i < members.ChunkCount; i++)
        {
            foreach (var member in members.Chunk(i))
            {
                if (member.IsConnected && !IsExcepted(member, except)) count++;
            }
        }

        return new(count);
    }

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<string>> RoomsAsync(CancellationToken cancel) => new([.. _rooms.Keys]);

    /// <inheritdoc/>
    public override ValueTask JoinAsync(Target target, ImmutableArray<string> rooms) => Change(new(MemberChangeKind.Join, target, rooms), default);

    /// <inheritdoc/>
    public override ValueTask LeaveAsync(Target target, ImmutableArray<string> rooms) => Change(new(MemberChangeKind.Leave, target, rooms), default);

    /// <inheritdoc/>
    public override ValueTask DisconnectAsync(Target target, bool close) => Change(new(MemberChangeKind.Disconnect, target, [], close), default);

    /// <param name="change">What is done.</param>
    /// <param name="origin">Which server does it, and its place in the log of the cluster, if it has one.</param>
    internal ValueTask Change(MemberChange change, in EventOrigin origin)
    {
        foreach (var member in NotLeft(change.Target))
        {
            if (change.Kind == MemberChangeKind.Join) Join(member, change.Rooms.AsSpan());
            else if (change.Kind == MemberChangeKind.Leave) Leave(member, change.Rooms.AsSpan());
            else member.Disconnect(change.Close);
        }

        _context.Away?.Change(change, origin);
        return default;
    }

    private Lock? OrderGate => _log?.Gate ?? _context.History?.Gate;

    // A client that gets its session back is put into rooms under the gate, which the program's observers must not hold.
    private void Tell()
    {
        if (OrderGate is { IsHeldByCurrentThread: true }) _observer?.TellSoon();
        else _observer?.Tell();
    }

    // The log and the history come before the rooms, so that it is known at which position a socket has joined a room.
    private Lock.Scope EnterOrder() => OrderGate is { } gate ? gate.EnterScope() : default;

    // The caller holds the gate.
    private bool TryJoin(Member member, string name)
    {
        // One whose client has its session back on another connection has no rooms any more, but may not have left yet. One that has just left may still be saved.
        if (member.History is { } history ? history.LastRooms is not null : member.HasLeft) return false;
        if (name == member.Id) return false;
        if (!(member.JoinedRooms ??= new(StringComparer.Ordinal)).Add(name)) return false;
        AddTo(name, member);
        member.History?.Note(_log!, name, isJoin: true);
        if (_context.History is { } kept && kept.Keeps(name)) (member.HasEventsFrom ??= new(StringComparer.Ordinal))[name] = kept.Position + 1;
        return true;
    }

    private void BroadcastLogged(EventLog log, OutgoingMessage message, in Target target, in EventOrigin origin, NamespaceHistory? history)
    {
        var prepared = log.Prepare(message, target.IsVolatile ? EntryId.None : origin.Id);
        var sends = QueuedSends.Begin();
        var isForMany = false;
        try
        {
            lock (log.Gate)
            {
                log.Note(origin);
                if (origin.IsUnplaced) log.Gap.NoteDelivery();
                var isKept = log.Keeps(target, origin);
                if (isKept) log.Append(prepared, target, origin);
                else log.Stamp(prepared);
                if (history is not null) Keep(history, history.Create(message, prepared.Event, prepared.OffsetAt, target));
                var members = Select(target);
                isForMany = members.Count > Prefetched;
                _backpressure.OnBroadcast(message.Size, members, members.Count, static (members, index) => members[index].Session.Outbox);
                var except = target.Except.AsSpan();
                for (var i = 0; i < members.ChunkCount; i++)
                {
                    foreach (var member in members.Chunk(i))
                    {
                        if (!IsExcepted(member, except)) member.QueueLogged(log, message, prepared.Event, target.IsVolatile, sends, origin, isKept);
                    }
                }
            }
        }
        finally
        {
            sends.End(isForMany);
        }
    }

    /// <summary>Keeps an event of the cluster's log that is not to be delivered: its sockets have got it, or it is older than all of them.</summary>
    internal void Keep(EncodedEvent @event, in Target target, in EventOrigin origin)
    {
        var log = _log!;
        var prepared = log.Prepare(@event.Message, origin.Id);
        lock (log.Gate)
        {
            if (log.Keeps(target, origin)) log.Append(prepared, target, origin);
        }
    }

    /// <summary>The same for a change.</summary>
    internal void Keep(MemberChange change, EntryId id)
    {
        lock (_log!.Gate) _log.Append(change, id);
    }

    // Before the first room changes: either all of them do, or none.
    private static void ThrowIfNull(ReadOnlySpan<string> rooms)
    {
        foreach (var name in rooms) ArgumentNullException.ThrowIfNull(name, nameof(rooms));
    }

    private void Deliver(OutgoingMessage message, in Target target, ReadOnlySpan<Member> members, bool isForMany)
    {
        var except = target.Except.AsSpan();
        for (var i = 0; i < members.Length; i += Prefetched)
        {
            var next = members[i..Math.Min(i + Prefetched, members.Length)];
            foreach (var member in next) member.Prefetch();
            foreach (var member in next)
            {
                if (member.IsConnected && !IsExcepted(member, except)) member.Deliver(message, target.IsVolatile, isForMany);
            }
        }
    }

    private IEnumerable<Member> Connected(Target target) => NotLeft(target).Where(member => member.IsConnected);

    // Members that are not let in yet are in the rooms that OnConnecting has put them into: a user who is signed out on all tabs is signed out on the tab
    // that is connecting too.
    private IEnumerable<Member> NotLeft(Target target)
    {
        var except = target.Except;
        return Select(target).All().Where(member => !member.HasLeft && !IsExcepted(member, except.AsSpan()));
    }

    private Members Select(in Target target)
    {
        if (target.Rooms.Length == 0) return _everyone.Snapshot();
        if (target.Rooms.Length == 1) return Select(target.Rooms[0]);
        var union = new HashSet<Member>();
        foreach (var room in target.Rooms) union.UnionWith(Select(room).All());
        return Members.Of(union);
    }

    private Members Select(string room)
    {
        var owner = _byId.GetValueOrDefault(room);
        if (!_rooms.TryGetValue(room, out var found)) return owner is null ? Members.None : Members.Of(owner);
        // A room may have the name of a member's id: what is sent to the id still reaches that member.
        return owner is null ? found.Snapshot() : Members.Of([owner, .. found.Snapshot().All()]);
    }

    private bool IsExcepted(Member member, ReadOnlySpan<string> except)
    {
        foreach (var room in except)
        {
            if (room == member.Id || _rooms.TryGetValue(room, out var found) && found.Contains(member)) return true;
        }

        return false;
    }

    private void AddTo(string name, Member member)
    {
        if (!_rooms.TryGetValue(name, out var room))
        {
            _rooms[name] = room = new();
            _observer?.Note(RoomChangeKind.Created, name, null);
        }

        room.Add(member);
        _observer?.Note(RoomChangeKind.Joined, name, member);
    }

    private void RemoveFrom(string name, Member member)
    {
        if (!_rooms.TryGetValue(name, out var room)) return;
        var isEmpty = room.Remove(member);
        _observer?.Note(RoomChangeKind.Left, name, member);
        if (!isEmpty) return;
        _rooms.TryRemove(name, out _);
        _observer?.Note(RoomChangeKind.Deleted, name, null);
    }
}

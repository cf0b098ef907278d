using System.Buffers.Text;
using System.Security.Cryptography;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Recovery;

/// <summary>
/// The sessions of one namespace that clients can get back. The secret of a session can be used once, by the same user. <see cref="EventLog.Gate"/> guards all state.
/// </summary>
/// <param name="log">The events of the namespace.</param>
/// <param name="adapter">The adapter of the namespace.</param>
/// <param name="store">What the namespaces of the server share.</param>
/// <param name="maxReplayBytes">The size of the events that a client can get when it comes back.</param>
/// <param name="isDeclared">False: a client has named the namespace, and it exists for as long as there are sockets and sessions.</param>
internal sealed partial class NamespaceRecovery(EventLog log, Adapter adapter, RecoveryStore store, int maxReplayBytes, bool isDeclared)
{
    private const int RandomBytes = 18;

    // Beside the texts in it, as the queue counts it.
    private const int SizeOfConnectPacket = 128;

    // UTF-8.
    private const int MaxBytesOfUnit = 3;

    // By the secret of the client: a member that is connected, the saved session of one that is not, or a TaskCompletionSource while a client takes its session.
    private readonly Dictionary<string, object> _sessions = new(StringComparer.Ordinal);

    // The saved ones among them. What the program does to rooms looks at these, and not at everybody who is connected.
    private readonly HashSet<SavedSession> _away = [];

    private readonly RecentChanges _changes = new(store);

    public EventLog Log => log;

    /// <inheritdoc cref="EventLog.Gaps"/>
    public int Gaps
    {
        get
        {
            lock (log.Gate) return log.Gaps;
        }
    }

    /// <summary>Null: this server is alone, or its cluster cannot hand over sessions.</summary>
    public ISessionOwners? Others { get; set; }

    /// <summary>Null: the events of a room arrive whether or not a socket is in it.</summary>
    public ISessionRooms? Rooms { get; set; }

    /// <summary>Keeps the adapter in use while a session is saved. Otherwise the events of other servers would not arrive in a namespace that no socket is in.</summary>
    public IAdapterLifetime? Lifetime { get; set; }

    /// <summary>
    /// Not null: a connection of the same client is just taking the session. The task completes when that connection is let in, or when it has ended and the
    /// session is kept here again. A client that is cut while it comes back would lose its session without this wait.
    /// </summary>
    public Task? WhenTaken(string id)
    {
        lock (log.Gate) return (_sessions.GetValueOrDefault(id) as TaskCompletionSource)?.Task;
    }

    /// <summary>Whether there is a session with this secret, or a client is just taking it.</summary>
    public bool Has(string id)
    {
        lock (log.Gate) return _sessions.ContainsKey(id);
    }

    /// <summary>Whether a client is connected that has this secret.</summary>
    public bool IsInUse(string id)
    {
        lock (log.Gate) return _sessions.GetValueOrDefault(id) is Member { IsConnected: true };
    }

    /// <summary>Takes the session of a client that comes back. The secret is used up, whatever the result is.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="userId">Its user.</param>
    /// <param name="asksOthers">
    /// Whether other servers are asked if this one does not know the session. If it does not, the result is <see cref="RecoveryFailure.Unknown"/> and <see cref="TryBegin(Member?, MovedSession, RecoveryRequest, IEnumerable{ValueTuple{OutgoingMessage, int}}, out List{OutgoingMessage})"/>
    /// or <see cref="Discard"/> must follow.
    /// </param>
    /// <param name="failure">Why there is no session.</param>
    public SavedSession? TryTake(RecoveryRequest request, string? userId, bool asksOthers, out string? failure)
    {
        Member? replaced = null;
        SavedSession? session;
        lock (log.Gate)
        {
            if (!_sessions.TryGetValue(request.Id, out var found))
            {
                failure = RecoveryFailure.Unknown;
                if (asksOthers) BeginTaking(request.Id);
                return null;
            }

            if (found is TaskCompletionSource)
            {
                // The other connection takes too long.
                failure = RecoveryFailure.InUse;
                return null;
            }

            if (found is Member member)
            {
                // The server has not noticed yet that the old connection is gone. A stranger with the secret cannot end the connection.
                var snapshot = member.Describe();
                failure = snapshot.UserId == userId ? null : RecoveryFailure.OtherUser;
                session = failure is null ? Save(member, snapshot) : null;
                replaced = failure is null ? member : null;
            }
            else
            {
                session = (SavedSession)found;
                store.Remove(session);
                failure = session.UserId != userId ? RecoveryFailure.OtherUser : store.IsExpired(session) ? RecoveryFailure.Expired : null;
            }

            failure ??= CatchUp(session!) ?? Measure(session!, request, maxReplayBytes, out _, out _, out _);
            Set(request.Id, null);
            if (failure is null) BeginTaking(request.Id);
        }

        replaced?.Session.Close(CloseReason.TransportClose);
        if (failure is null) return session;
        Release(session);
        return null;
    }

    /// <summary>The client has gone again before it got its session: it may ask once more.</summary>
    public void PutBack(SavedSession session)
    {
        lock (log.Gate)
        {
            store.Add(session);
            Set(session.RecoveryId, session);
            session.Returns++;
            // The store was asked for it.
            session.Saving = null;
            session.History.IsLeaving = false;
            if (Shared is not null && IsRecoverable(session)) Shared.Save(session);
        }
    }

    /// <summary>
    /// A socket is being let in. The caller holds the gate until the connect packet and the missed events are queued. Returns null, or why the session cannot be recovered any more.
    /// </summary>
    /// <param name="member">The socket, which the adapter does not have yet.</param>
    /// <param name="session">Its session; null for a new one.</param>
    /// <param name="request">What the client asked for.</param>
    /// <param name="missed">The events that the client has missed.</param>
    public string? TryBegin(Member member, SavedSession? session, RecoveryRequest? request, out List<OutgoingMessage> missed)
    {
        missed = [];
        if (session is null) member.History = new(member.Id, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)), log.Position, log.Gaps, log.Gap.Unplaced) { Begun = store.Now };
        else if (CatchUp(session, member) is { } ended) return ended;
        else if (Measure(session, request!, RoomFor(member, request!), out var start, out var last, out missed) is { } failure) return failure;
        else member.History = new(session.History, start, last, log.Gap.Unplaced);
        if (session is not null)
        {
            member.HasEventsFrom = session.History.HasEventsFrom;
            NoteChanges(member, session);
        }

        Set(member.History.RecoveryId, member);
        return null;
    }

    /// <summary>The session that a client has taken is not used after all, or no other server has it.</summary>
    public void Discard(RecoveryRequest request)
    {
        lock (log.Gate)
        {
            if (_sessions.GetValueOrDefault(request.Id) is TaskCompletionSource) Set(request.Id, null);
        }
    }

    /// <summary>The session has ended, or its socket is in the namespace again. Idempotent. The caller holds no lock, because an adapter may be stopped.</summary>
    public void Release(SavedSession? session)
    {
        if (session is null) return;
        lock (log.Gate)
        {
            if (!session.IsHeld) return;
            session.IsHeld = false;
        }

        Rooms?.Release(session);
        Lifetime?.Release();
    }

    /// <summary>The socket has left while it was let in. The caller holds the gate.</summary>
    public void CancelBegin(Member member, SavedSession? session, MovedSession? moved)
    {
        if (member.History is not { } history) return;
        member.History = null;
        if (session is not null) PutBack(session);
        else if (moved is not null) PutBack(Create(history, moved.Socket));
        else Set(history.RecoveryId, null);
    }

    /// <summary>A socket leaves: it is removed from the adapter and, if its client may come back, saved.</summary>
    /// <returns>The rooms that it was in.</returns>
    public IReadOnlyCollection<string> Leave(Member member, bool isRecoverable)
    {
        IReadOnlyCollection<string>? rooms;
        lock (log.Gate)
        {
            if (member.History is not { } history) return adapter.Remove(member);
            // Its client was faster and has its session already.
            rooms = history.LastRooms;
            if (rooms is not null) return rooms;
            Set(history.RecoveryId, null);
            if (isRecoverable)
            {
                var session = Save(member, member.Describe());
                PutBack(session);
                rooms = session.Rooms;
            }
            else
            {
                history.LastRooms = rooms = adapter.Remove(member);
            }
        }

        store.DropExcess();
        return rooms;
    }

    /// <summary>Whether an event for a socket that has left can still reach its client.</summary>
    public bool IsKept(Member member)
    {
        lock (log.Gate) return member.History is { } history && (history.IsMoved || _sessions.ContainsKey(history.RecoveryId));
    }

    // The caller holds the gate, as for Set.
    private void BeginTaking(string id)
    {
        _sessions[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.OnTaking();
    }

    private void Set(string id, object? value)
    {
        _sessions.Remove(id, out var before);
        if (value is not null) _sessions[id] = value;
        if (before is SavedSession taken) _away.Remove(taken);
        if (value is SavedSession saved) _away.Add(saved);
        if (before is not TaskCompletionSource taking) return;
        store.OnTaken();
        taking.TrySetResult();
    }

    public static bool IsFor(in Target target, IReadOnlySet<string> rooms) =>
        !target.Except.Any(rooms.Contains) && (target.Rooms.Length == 0 || target.Rooms.Any(rooms.Contains));

    /// <summary>A session was away for too long.</summary>
    public void Forget(SavedSession session)
    {
        lock (log.Gate)
        {
            // Its client may have taken it at this moment.
            if (!session.IsStored && !IsCurrent(session)) return;
            if (!session.IsStored) Set(session.RecoveryId, null);
        }

        Release(session);
    }

    private SavedSession Save(Member member, SocketSnapshot snapshot)
    {
        var session = Create(member.History!, snapshot, member.Handled);
        member.History!.HasEventsFrom = member.HasEventsFrom;
        member.History.LastRooms = adapter.Remove(member);
        return session;
    }

    // The adapter is in use already, by the socket that leaves or by the one that is not let in, so it is not started under the gate.
    private SavedSession Create(MemberHistory history, SocketSnapshot socket, Task? handled = null)
    {
        if (log.Shared is not null) history.Needs = log.Gap.NeededBy(history);
        return Create(history, socket, log.DeliveredTo, handled);
    }

    private SavedSession Create(MemberHistory history, SocketSnapshot socket, EntryId leftAt, Task? handled = null)
    {
        // The next connection has a handshake of its own. This one may be large, and its size is the client's choice.
        var session = new SavedSession(this, history, socket with { Handshake = null }, leftAt, store.Now, isDeclared)
        {
            IsHeld = true,
            IsNew = !isDeclared || history.Begun is { } begun && store.Since(begun) < RecoveryStore.NewFor,
            ChangesMade = _changes.Latest,
            Handled = handled ?? Task.CompletedTask,
        };
        Lifetime?.Use();
        Rooms?.Hold(session);
        return session;
    }

    // The missed events follow what is queued already, such as those of another namespace, and the connect packet. More would close the connection, and the client would get the same once more.
    private long RoomFor(Member? member, RecoveryRequest request) =>
        member is null ? maxReplayBytes : maxReplayBytes - member.Session.Outbox.Bytes - SizeOfConnectPacket - (MaxBytesOfUnit * Name.Length) - member.Id.Length - request.Id.Length;

    // Null, or why the session cannot be recovered: either the client gets all events that it has missed, or none.
    private string? Measure(SavedSession session, RecoveryRequest request, long maxBytes, out EntryId start, out EntryId last, out List<OutgoingMessage> missed)
    {
        missed = [];
        var failure = session.FindStart(log, request, out start);
        last = start;
        if (failure is not null) return failure;
        long bytes = 0;
        for (var i = log.IndexAfter(start); i < log.Count; i++)
        {
            var logged = log[i];
            if (logged.Message is not { } message || !session.IsFor(logged)) continue;
            bytes += message.Size;
            if (bytes > maxBytes) return RecoveryFailure.TooLarge;
            missed.Add(message);
            last = logged.Id;
        }

        return null;
    }
}

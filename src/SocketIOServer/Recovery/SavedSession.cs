using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <summary>A socket whose client has lost its connection and may come back.</summary>
internal sealed class SavedSession(NamespaceRecovery recovery, MemberHistory history, SocketSnapshot socket, EntryId leftAt, long time, bool isInDeclaredNamespace)
{
    // The memory of a session beside the names of its rooms.
    private const int Overhead = 700;
    private const int OverheadOfRoom = 100;

    // Clients choose the names of other namespaces, and the session may be all that keeps one alive.
    private const int OverheadOfNamespace = 8 * 1024;

    private readonly HashSet<string> _rooms = [.. socket.Rooms];

    /// <summary>Where it is kept. It also keeps a namespace alive that no socket is in.</summary>
    public NamespaceRecovery Recovery => recovery;

    public MemberHistory History => history;

    public string RecoveryId => history.RecoveryId;

    public string SocketId => socket.Id;

    public string? UserId => socket.UserId;

    public SocketSnapshot Socket => socket with { Rooms = [.. _rooms] };

    public IReadOnlySet<string> Rooms => _rooms;

    public SocketData? Data => socket.Data as SocketData;

    /// <summary>When the socket left: a timestamp of the server's clock.</summary>
    public long Time => time;

    /// <summary>It is dropped before others if too much is kept: it was just begun, or is in a namespace that its client has named.</summary>
    public bool IsNew { get; init; }

    /// <inheritdoc cref="Member.Handled"/>
    public Task Handled { get; init; } = Task.CompletedTask;

    /// <summary>Until where the log was delivered when the socket left.</summary>
    public EntryId Left { get; } = leftAt;

    public long Bytes { get; } =
        Overhead + (isInDeclaredNamespace ? 0 : OverheadOfNamespace) + history.BytesOfChanges + socket.Rooms.Sum(static room => OverheadOfRoom + 2L * room.Length);

    /// <summary>The session as the other servers of a cluster with a log can read it.</summary>
    public SessionRecord ToRecord()
    {
        lock (recovery.Log.Gate)
        {
            return new()
            {
                Sid = socket.Id,
                Pid = RecoveryId,
                Rooms = [.. _rooms],
                Data = Data ?? new(),
                UserId = socket.UserId,
                IsForeign = history.NeedsOffset,
                Namespace = recovery.Name,
                From = history.From,
                Last = history.Last,
                Left = Left,
                Changed = ChangedTo,
                Needs = history.Needs,
                KnownFrom = history.KnownFrom,
                Changes = [.. history.Changes],
            };
        }
    }

    /// <summary>Until where the changes of the cluster's log were made to it. Guarded by the gate of the log.</summary>
    public EntryId ChangedTo { get; set; } = leftAt;

    /// <summary>The number of the last of the <see cref="RecentChanges"/> that was made to it. Guarded by the gate of the log.</summary>
    public long ChangesMade { get; set; }

    /// <summary>The store of the cluster has it. It is kept here only because the namespace must stay in use. Guarded by the gate of the log.</summary>
    public bool IsStored { get; set; }

    /// <summary>A save was begun, so the store may have it. Completes when the store has it, with true, or did not answer. Guarded by the gate of the log.</summary>
    public TaskCompletionSource<bool>? Saving { get; set; }

    /// <summary>What the last save has written, or may have, as a hash. Belongs to whoever saves it.</summary>
    public (int Length, int Hash) Written { get; set; }

    /// <summary>How often it was put back after its client had taken it. Guarded by the gate of the log.</summary>
    public int Returns { get; set; }

    /// <summary>Whether its namespace and its rooms are kept in use for it. Guarded by the gate of the log.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Finds the position behind which events are missed.</summary>
    /// <param name="log">The log, whose gate the caller holds.</param>
    /// <param name="request">What the client has.</param>
    /// <param name="start">The position.</param>
    /// <returns>Null, or why it cannot be known.</returns>
    public string? FindStart(EventLog log, RecoveryRequest request, out EntryId start)
    {
        start = history.From;
        if (request.Offset is null && history.NeedsOffset) return RecoveryFailure.InvalidOffset;
        if (request.HasInvalidOffset) return RecoveryFailure.InvalidOffset;
        if (request.Offset is { } text && text != history.OtherOffset)
        {
            if (!log.TryReadOffset(text, out var offset)) return RecoveryFailure.InvalidOffset;
            // A record that says that the socket left before it got this is an older one.
            if (offset > log.DeliveredTo || log.Shared is not null && !history.NeedsOffset && offset > Left) return RecoveryFailure.InvalidOffset;
            // A client keeps the offset of an earlier session until it receives an event. It has received none in this session.
            if (offset is null && history.Last > history.From) return RecoveryFailure.InvalidOffset;
            start = EntryId.Later(start, offset ?? start);
        }

        if (history.Gaps != log.Gaps || log.IsInDoubt || log.Gap.IsOpen || start < history.Needs || start < log.Gap.LostBefore) return RecoveryFailure.Gap;
        // It has everything that was sent to it, so events before it left do not matter, even if they are no longer kept.
        if (start >= history.Last) start = EntryId.Later(start, Left);
        return start < log.TrimmedTo || start < history.KnownFrom ? RecoveryFailure.Trimmed : null;
    }

    /// <summary>Makes a change while the client is away, if it is for this socket. Returns false if it ends the session. The caller holds the gate of the log.</summary>
    public bool TryChange(EventLog log, MemberChange change, EntryId at)
    {
        if (!NamespaceRecovery.IsFor(change.Target, _rooms)) return true;
        if (change.Kind == MemberChangeKind.Disconnect) return false;
        var isJoin = change.Kind == MemberChangeKind.Join;
        foreach (var room in change.Rooms)
        {
            if (room == SocketId || !(isJoin ? _rooms.Add(room) : _rooms.Remove(room))) continue;
            if (!isJoin) history.HasEventsFrom?.Remove(room);
            history.Note(log, room, isJoin, at);
            recovery.Rooms?.Note(room, isJoin);
        }

        return true;
    }

    /// <summary>Makes the changes of the cluster's log that were not made to it yet. Returns false if one ends the session. The caller holds the gate of the log.</summary>
    public bool TryCatchUp(EventLog log)
    {
        for (var i = log.IndexAfter(ChangedTo); i < log.Count; i++)
        {
            if (log[i] is { Change: { } change } logged && !TryChange(log, change, logged.Id)) return false;
        }

        if (log.Count > 0) ChangedTo = EntryId.Later(ChangedTo, log[log.Count - 1].Id);
        return true;
    }

    /// <summary>The same with changes that the cluster has no log of.</summary>
    public bool TryCatchUp(EventLog log, IEnumerable<RecentChange> changes)
    {
        foreach (var recent in changes)
        {
            if (!TryChange(log, recent.Change, recent.At)) return false;
        }

        return true;
    }

    /// <summary>Whether an event was for the socket, by the rooms of that moment.</summary>
    public bool IsFor(in LoggedEvent logged)
    {
        var position = logged.Id;
        if (history.Seen is { } seen && seen.Contains(logged.Origin)) return false;
        var target = logged.Target;
        foreach (var room in target.Except)
        {
            if (WasIn(room, position)) return false;
        }

        if (target.Rooms.Length == 0) return true;
        foreach (var room in target.Rooms)
        {
            if (WasIn(room, position)) return true;
        }

        return false;
    }

    private bool WasIn(string room, EntryId position) => history.WasIn(room, position, _rooms.Contains(room));
}

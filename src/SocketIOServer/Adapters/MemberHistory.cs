namespace SocketIOServer.Adapters;

/// <summary>
/// What a log must know of one socket to tell later which events its client has missed: what was queued for it last, and which rooms it was in at which position. All
/// members belong to the gate of the log.
/// </summary>
internal sealed class MemberHistory
{
    // Of a socket that changes its rooms more often, the oldest changes are forgotten, and it cannot recover what came before them.
    private const int MaxChanges = 64;
    private const int OverheadOfChange = 48;

    private List<(EntryId Position, string Room, bool IsJoin)>? _changes;

    // That of the next connection of the same client here. The program may still hold the socket of an earlier one.
    private MemberHistory? _next;

    /// <param name="id">The id of the socket.</param>
    /// <param name="recoveryId">The secret of its client.</param>
    /// <param name="from">The position at which it was let in.</param>
    /// <param name="gaps">The gaps that the log had when the session began.</param>
    /// <param name="unplaced">The events without a place in the log that there were by then.</param>
    public MemberHistory(string id, string recoveryId, EntryId from, int gaps, long unplaced = 0)
    {
        Self = Target.Everyone.To(id);
        RecoveryId = recoveryId;
        From = Last = KnownFrom = from;
        Gaps = gaps;
        Unplaced = unplaced;
    }

    /// <param name="before">The history of the same session on its last connection.</param>
    /// <param name="from">The position until which its client has everything.</param>
    /// <param name="last">The position of the last event that its client has missed, or <paramref name="from"/>.</param>
    /// <param name="unplaced">The events without a place in the log that there were by now.</param>
    public MemberHistory(MemberHistory before, EntryId from, EntryId last, long unplaced)
    {
        (Self, RecoveryId, Gaps, KnownFrom, Seen, OtherOffset, _changes) = (before.Self, before.RecoveryId, before.Gaps, before.KnownFrom, before.Seen, before.OtherOffset, before._changes);
        (From, Last, Needs, Unplaced, Begun) = (from, last, before.Needs, unplaced, before.Begun);
        (before._next, before.IsLeaving) = (this, false);
    }

    /// <param name="id">The id of a socket that another server had.</param>
    /// <param name="recoveryId">The secret of its client.</param>
    /// <param name="otherOffset">The offset of the client in the log of the other server.</param>
    /// <param name="seen">What the other server has had.</param>
    /// <param name="from">The position behind which the missed events are.</param>
    /// <param name="last">The position of the last of them.</param>
    /// <param name="gaps">The gaps that the log had when the session came.</param>
    public MemberHistory(string id, string recoveryId, string? otherOffset, SeenEvents seen, EntryId from, EntryId last, int gaps)
        : this(id, recoveryId, from, gaps) => (OtherOffset, Seen, Last) = (otherOffset, seen, last);

    /// <summary>The socket of a session that another server has saved.</summary>
    /// <param name="saved">What was saved.</param>
    /// <param name="gaps">The gaps that the log here has by now.</param>
    /// <param name="unplaced">The events without a place in the log that there were by now.</param>
    public MemberHistory(SessionRecord saved, int gaps, long unplaced)
        : this(saved.Sid, saved.Pid, saved.From, gaps, unplaced)
    {
        (Last, KnownFrom, Needs, NeedsOffset) = (saved.Last, saved.KnownFrom, saved.Needs, saved.IsForeign);
        if (saved.Changes.Count > 0) _changes = [.. saved.Changes];
    }

    /// <summary>The socket alone.</summary>
    public Target Self { get; }

    public string RecoveryId { get; }

    /// <summary>When the session began: a timestamp of the server's clock. Null: on another server.</summary>
    public long? Begun { get; init; }

    /// <summary>The gaps that the log had when the session began. If it has more by now, the client has missed events, even if it was connected.</summary>
    public int Gaps { get; }

    /// <summary>The events of its connection that had no place in the log when they were delivered: those behind this number.</summary>
    public long Unplaced { get; }

    /// <summary>The position that its client must have at least. What it got without a place in the log comes before.</summary>
    public EntryId Needs { get; set; }

    /// <summary>A server of Node has saved it, and it is not known where the session began.</summary>
    public bool NeedsOffset { get; }

    /// <summary>The latest changes of its rooms.</summary>
    public IReadOnlyList<(EntryId Position, string Room, bool IsJoin)> Changes => _changes ?? [];

    /// <summary>An offset of the log of another server that means <see cref="From"/> here. Null: the socket was here from the start.</summary>
    public string? OtherOffset { get; }

    /// <summary>The events that the client must not get here, because another server has dealt with them. Null: the socket was here from the start.</summary>
    public SeenEvents? Seen { get; }

    /// <summary>Another server or the store has the session now.</summary>
    public bool IsMoved { get; set; }

    /// <summary>The session is being saved, or was, or may have been.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The client may not get what is kept here for the socket from now on.</summary>
    public bool IsGone
    {
        get
        {
            for (var history = this; history is not null; history = history._next)
            {
                if (history.IsMoved || history.IsLeaving) return true;
            }

            return false;
        }
    }

    /// <summary>Events until this position were not for this socket, or its client has them.</summary>
    public EntryId From { get; }

    /// <summary>The position of the last event that was queued for the socket, or <see cref="From"/>.</summary>
    public EntryId Last { get; set; }

    /// <summary>Which rooms the socket was in is known for later positions.</summary>
    public EntryId KnownFrom { get; private set; }

    /// <summary>The memory of the changes of its rooms.</summary>
    public long BytesOfChanges => _changes?.Sum(static change => OverheadOfChange + 2L * change.Room.Length) ?? 0;

    /// <summary>The rooms of a socket that was taken out of the adapter before it has left. Null before.</summary>
    public IReadOnlyCollection<string>? LastRooms { get; set; }

    /// <summary><see cref="Member.HasEventsFrom"/> of the socket that has left.</summary>
    public Dictionary<string, long>? HasEventsFrom { get; set; }

    /// <summary>The socket joins or leaves a room.</summary>
    /// <param name="log">The log at this moment.</param>
    /// <param name="room">The room.</param>
    /// <param name="isJoin">False: it leaves.</param>
    /// <param name="at">The position of the change, if it is not that of the log.</param>
    public void Note(EventLog log, string room, bool isJoin, EntryId? at = null)
    {
        var changes = _changes ??= [];
        if (changes.Count > 0 && changes[0].Position <= log.TrimmedTo) changes.RemoveAll(change => change.Position <= log.TrimmedTo);
        if (changes.Count == MaxChanges)
        {
            KnownFrom = changes[0].Position;
            changes.RemoveAt(0);
        }

        changes.Add((at ?? log.Position, room, isJoin));
    }

    /// <summary>Whether the socket was in a room when an event was sent.</summary>
    /// <param name="room">The room.</param>
    /// <param name="position">The position of the event.</param>
    /// <param name="isAtEnd">Whether it was in the room at the end.</param>
    public bool WasIn(string room, EntryId position, bool isAtEnd)
    {
        foreach (var change in _changes ?? [])
        {
            // The first change after the event tells what was before that change.
            if (change.Position >= position && change.Room == room) return !change.IsJoin;
        }

        return isAtEnd;
    }
}

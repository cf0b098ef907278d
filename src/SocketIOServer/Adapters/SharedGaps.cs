namespace SocketIOServer.Adapters;

/// <summary>
/// Where events and the log of the cluster do not go together: events that clients of this server got before they had a place in the log, because the log did
/// not answer in time, and events that never got a place. All members belong to the gate of the <see cref="EventLog"/>.
/// </summary>
internal sealed class SharedGaps
{
    private int _open;

    /// <summary>Events before this position were lost for some servers: a session that is older cannot be recovered.</summary>
    public EntryId LostBefore { get; private set; }

    /// <summary>Rises with each event that is delivered without a place in the log.</summary>
    public long Unplaced { get; private set; }

    /// <summary>Whether there are such events whose place is not known yet.</summary>
    public bool IsOpen => _open > 0;

    /// <summary>Where the last of them came back. Whoever has a later event has all of them, and a replay from there has none.</summary>
    public EntryId ClosedAt { get; private set; }

    /// <summary>An event was delivered without a place in the log.</summary>
    public void Open()
    {
        Unplaced++;
        _open++;
    }

    /// <summary>The sockets get such an event now. One that was let in after <see cref="Open"/> gets it too, and must not get it again from the log.</summary>
    public void NoteDelivery() => Unplaced++;

    /// <summary>It has come back.</summary>
    public void Close(EntryId id)
    {
        if (_open > 0 && --_open == 0) ClosedAt = EntryId.Later(ClosedAt, id);
    }

    /// <summary>Events were lost.</summary>
    public void Lose(EntryId before) => LostBefore = EntryId.Later(LostBefore, before);

    /// <summary>What the client of a socket must have at least, so that a replay gives it nothing twice.</summary>
    /// <param name="history">The socket.</param>
    public EntryId NeededBy(MemberHistory history) => Unplaced == history.Unplaced ? history.Needs : IsOpen ? EntryId.Never : EntryId.Later(history.Needs, ClosedAt);
}

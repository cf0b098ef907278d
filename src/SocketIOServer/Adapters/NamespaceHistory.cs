namespace SocketIOServer.Adapters;

/// <summary>
/// What clients that come late to a namespace or to one of its rooms get of the events before. To keep an event and to queue it for the sockets is one step under
/// the gate, and so is to join and to queue the kept events. So nothing is missing between the two, and nothing comes twice.
/// </summary>
/// <param name="store">Keeps the events.</param>
/// <param name="name">The name of the namespace.</param>
/// <param name="log">Null: clients cannot get their sessions back.</param>
/// <param name="maxQueuedBytes">Of a client that reads slowly.</param>
internal sealed class NamespaceHistory(HistoryStore store, string name, EventLog? log, int maxQueuedBytes)
{
    /// <summary>The gate of the log, if there is one. Nothing is sent and no code of the program runs under it.</summary>
    public Lock Gate { get; } = log?.Gate ?? new();

    /// <summary>The position of the last event that was kept.</summary>
    public long Position => store.Position;

    /// <summary>Whether events to the whole namespace are kept.</summary>
    public bool KeepsForAll => store.EventsOnConnect > 0;

    /// <summary>Whether a room has a history.</summary>
    public bool Keeps(string room) => store.Keeps(room);

    /// <inheritdoc cref="HistoryStore.Create"/>
    public KeptEvent Create(OutgoingMessage message, OutgoingMessage? logged, int offsetAt, in Target target) => store.Create(message, logged, offsetAt, target);

    /// <summary>Keeps an event. The caller holds the gate.</summary>
    /// <param name="room">The room. Null: the event is for the whole namespace.</param>
    /// <param name="kept">The event.</param>
    public void Add(string? room, in KeptEvent kept) => store.Add(name, room, kept);

    /// <summary>A connected socket has joined a room: queues the latest events of the room. The caller holds the gate.</summary>
    /// <returns>How many were queued.</returns>
    public int Queue(Member member, string room, IReadOnlyCollection<string> roomsOfMember, int maxEvents, QueuedSends sends)
    {
        var latest = LatestFor(member, room, roomsOfMember, maxEvents);
        if (latest.Count > 0) member.HasEventsFrom![room] = latest[0].Position;
        foreach (var kept in latest)
        {
            if (log is null || member.History is not { } history)
            {
                sends.Add(member.Session, kept.Message);
                continue;
            }

            sends.Add(member.Session, Repeat(log, kept, history));
        }

        return latest.Count;
    }

    /// <summary>A socket is being let in and is not a receiver yet. The caller holds the gate until the connect packet and these events are queued.</summary>
    /// <returns>What follows the connect packet.</returns>
    public List<OutgoingMessage> Begin(Member member, IReadOnlyCollection<string> roomsOfMember)
    {
        (member.HasEventsFrom ??= new(StringComparer.Ordinal))[member.Id] = Position + 1;
        List<OutgoingMessage> messages = [];
        foreach (var kept in LatestFor(member, null, roomsOfMember, store.EventsOnConnect))
        {
            if (log is null || member.History is not { } history)
            {
                messages.Add(kept.Message);
                continue;
            }

            messages.Add(Repeat(log, kept, history));
        }

        return messages;
    }

    // In the log it is an event for this socket alone. So a client that is cut in the middle gets the rest, once.
    private static OutgoingMessage Repeat(EventLog log, in KeptEvent kept, MemberHistory history)
    {
        if (log.Shared is not null || !log.HasRoomForRepeated)
        {
            // The log of a cluster has it in another place. Only a later event shows that the client has it.
            history.Needs = EntryId.Later(history.Needs, log.Position.Next);
            var unkept = log.Prepare(kept.Message);
            log.Stamp(unkept);
            return unkept.Event;
        }

        var copy = EventLog.Copy(kept.Logged!, kept.OffsetAt);
        log.Append(copy, history.Self, isRepeated: true);
        history.Last = log.Position;
        return copy.Event;
    }

    // The latest ones that were not sent to the socket already. What comes late must not close a connection for being slow, so only half of its queue is used.
    private List<KeptEvent> LatestFor(Member member, string? room, IReadOnlyCollection<string> roomsOfMember, int maxEvents)
    {
        List<KeptEvent> latest = [];
        if (maxEvents == 0) return latest;
        var all = store.EventsOf(name, room);
        var left = (maxQueuedBytes / 2) - member.Session.Outbox.Bytes;
        for (var i = all.Length - 1; i >= 0 && latest.Count < maxEvents; i--)
        {
            var kept = all[i];
            if (IsExcepted(kept, roomsOfMember) || WasSent(kept, member, room)) continue;
            left -= kept.Logged?.Size ?? kept.Message.Size;
            if (left < 0) break;
            latest.Add(kept);
        }

        latest.Reverse();
        return latest;
    }

    private static bool IsExcepted(in KeptEvent kept, IReadOnlyCollection<string> roomsOfMember)
    {
        foreach (var room in kept.Target.Except)
        {
            if (roomsOfMember.Contains(room)) return true;
        }

        return false;
    }

    // An event for several rooms, in another of which the socket was.
    private static bool WasSent(in KeptEvent kept, Member member, string? joined)
    {
        if (kept.Target.Rooms.Length < 2 || member.HasEventsFrom is not { } positions) return false;
        foreach (var room in kept.Target.Rooms)
        {
            if (room != joined && positions.TryGetValue(room, out var first) && kept.Position >= first) return true;
        }

        return false;
    }
}

using System.Text;

namespace SocketIOServer.Adapters;

/// <summary>
/// The latest events of one namespace, in their order, for clients that come back after they lost their connection. Each event has a position, and the client is
/// sent the position as the last argument of the event (Node's "connection state recovery"). To take a position, to keep the event and to queue it for the sockets is
/// one step under the gate. Otherwise a client could have an event without having the one before it.
/// </summary>
/// <remarks>
/// A log of this server alone counts its events. One that has a <see cref="Shared"/> has the events of the cluster's log and their ids, so that a client can come
/// back to any server; events without an id are not kept.
/// </remarks>
internal sealed class EventLog(RecoveryOptions options, TimeSpan maxAge, ILogBudget budget, PacketParser parser, byte[] utf8Name, TimeProvider time)
{
    private const int FirstSize = 16;

    // The memory of a repeated event beside its own bytes. It does not count for MaxMessages, so its real size must count for MaxBytes.
    private const int RepeatedOverhead = 200;

    // Servers come and go for years.
    private const int MaxSenders = 1000;

    private readonly byte[] _epoch = LogOffset.CreateEpoch();
    // The last event of each server that is no longer kept.
    private readonly Dictionary<string, (long Number, long Time)> _dropped = new(StringComparer.Ordinal);
    private EntryId _position;
    private EntryId _trimmedTo;
    private LoggedEvent[] _ring = [];
    private int _head;
    private int _count;
    private int _repeated;
    private long _repeatedBytes;
    private long _bytes;
    private long? _unnumbered;

    /// <summary>Guards the log, and everything that must happen at one position of it. Nothing is sent and no code of the program runs under it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The log of the cluster, in whose order the events come. Null: the log is of this server alone. Set before the first event.</summary>
    public ISharedOrder? Shared { get; set; }

    /// <summary>Where the log of the cluster has lost events, if it has.</summary>
    public SharedGaps Gap { get; } = new();

    /// <summary>The position of the last event.</summary>
    public EntryId Position => Shared is null ? _position : EntryId.Later(_position, Shared.ReadFrom);

    /// <summary>A position that everything before was here and was queued for the sockets.</summary>
    public EntryId DeliveredTo => Shared is null ? _position : EntryId.Later(Position, Shared.DeliveredTo);

    /// <summary>The position of the last event that is no longer kept. All later ones are.</summary>
    public EntryId TrimmedTo => Shared is null ? _trimmedTo : EntryId.Later(_trimmedTo, Shared.ReadFrom);

    /// <summary>How many events are kept.</summary>
    public int Count => _count;

    /// <summary>The events that are kept, in their order.</summary>
    public LoggedEvent this[int index] => _ring[(_head + index) & (_ring.Length - 1)];

    /// <summary>
    /// Events that are repeated because a client has asked for them, such as those of a history, may use half of what is kept. Otherwise a client that joins and leaves a room in a loop
    /// would push out what others have missed. The caller holds the gate.
    /// </summary>
    public bool HasRoomForRepeated => _repeatedBytes <= options.MaxBytes / 2;

    /// <summary>How often events were lost before they came here. A session that began before such a loss misses events, and its client is told so when it comes back.</summary>
    public int Gaps { get; private set; }

    /// <summary>Says whether events may just be getting lost before they come here. Called under the gate.</summary>
    public Func<bool>? InDoubt { private get; set; }

    /// <summary>Events may just be getting lost, so no session can be recovered now.</summary>
    public bool IsInDoubt => InDoubt?.Invoke() ?? false;

    /// <summary>Whether an event without a number has ever come. The caller holds the gate.</summary>
    public bool HasHadUnnumbered => _unnumbered is not null;

    /// <summary>The events of the servers of a cluster that were here.</summary>
    public SeenEvents Seen { get; } = new();

    /// <summary>The index of the first event behind a position; <see cref="Count"/> if there is none. The caller holds the gate.</summary>
    public int IndexAfter(EntryId position)
    {
        var (low, high) = (0, _count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Id <= position) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>
    /// Encodes an event with its offset, or, in a log of this server alone, with a place for it. Needs no lock: in the order of the cluster, events come one at a
    /// time. An event without an id gets the offset of the last one, because a client that has it has all events until there.
    /// </summary>
    public (OutgoingMessage Event, int OffsetAt) Prepare(OutgoingMessage @event, EntryId id = default)
    {
        var text = Shared is null ? LogOffset.Placeholder : Encoding.ASCII.GetBytes((id == EntryId.None ? Position : id).ToString());
        var (prepared, at) = parser.WithText(@event, utf8Name, text);
        if (at < 0) throw new InvalidOperationException("Recovery needs a parser that writes the texts of a packet as they are, in UTF-8.");
        if (!@event.IsCompressible) prepared.KeepUncompressed();
        return (prepared, at);
    }

    /// <summary>
    /// Gives a prepared event the next position and keeps it. An event that is repeated for one client does not count for MaxMessages: after a deploy there are
    /// as many of them as clients times missed events, and they must not push out what other clients have missed. The caller holds the gate.
    /// </summary>
    public void Append(in (OutgoingMessage Event, int OffsetAt) prepared, in Target target, in EventOrigin origin = default, bool isRepeated = false)
    {
        // The clock may be the program's. If it throws, nothing has changed.
        var now = time.GetTimestamp();
        _position = Shared is null ? _position.Next : origin.Id;
        Stamp(prepared);
        Append(new LoggedEvent(_position, prepared.Event, prepared.OffsetAt, isRepeated, target, origin, now));
    }

    /// <summary>Keeps a change of the sockets of rooms, which sessions that are in no server's memory have missed. The caller holds the gate.</summary>
    public void Append(MemberChange change, EntryId id)
    {
        if (!Keeps(Target.Everyone, new(null, 0) { Id = id })) return;
        var now = time.GetTimestamp();
        _position = id;
        Append(new LoggedEvent(id, null, 0, IsRepeated: false, change.Target, default, now) { Change = change });
    }

    /// <summary>Gives a prepared event the position of the last one: a client that has it has all events until there. The caller holds the gate.</summary>
    public void Stamp(in (OutgoingMessage Event, int OffsetAt) prepared)
    {
        if (Shared is null) LogOffset.Write(prepared.Event.Head.Bytes.AsSpan(prepared.OffsetAt, LogOffset.Length), _epoch, (long)_position.Sequence);
    }

    /// <summary>Whether an event is kept. The caller holds the gate.</summary>
    public bool Keeps(in Target target, in EventOrigin origin)
    {
        if (target.IsVolatile) return false;
        if (Shared is null || origin.Id > _position) return true;
        // The ids have begun anew, with a clock that was set back. Until they are behind the earlier ones, no position tells what a client has.
        if (origin.Id != EntryId.None && origin.Id <= Shared.ReadFrom) Gap.Lose(Position.Next);
        return false;
    }

    /// <summary>Notes that an event was here, also a volatile one. The caller holds the gate.</summary>
    public void Note(in EventOrigin origin)
    {
        if (origin.Sender is not { } sender) return;
        if (origin.IsNumbered) Seen.Add(sender, origin.Number);
        else _unnumbered = time.GetTimestamp();
    }

    /// <summary>Notes a number that is not of an event, so that it does not count as missing.</summary>
    public void NoteNumber(string sender, long number)
    {
        lock (Gate) Seen.Add(sender, number);
    }

    /// <inheritdoc cref="SeenEvents.ForgetOthers"/>
    public void ForgetOthers(string own)
    {
        lock (Gate) Seen.ForgetOthers(own);
    }

    /// <summary>Notes that events were lost before they came here. Nobody knows which, so no session of this moment can be recovered. The caller does not hold the gate.</summary>
    public void NoteGap()
    {
        lock (Gate) Gaps++;
    }

    /// <summary>
    /// Whether an event without a number came from another server within this time. Such an event cannot be found again on another
    /// server. The caller holds the gate.
    /// </summary>
    public bool HasUnnumbered(TimeSpan within) => _unnumbered is { } then && time.GetElapsedTime(then) <= within;

    /// <summary>
    /// Whether an event of this time is no longer kept and another server has not seen it. Servers hear the events of a third one in their order, so the
    /// last of each decides. The caller holds the gate.
    /// </summary>
    public bool HasDropped(SeenEvents seen, TimeSpan within)
    {
        foreach (var (sender, (number, sent)) in _dropped)
        {
            var origin = new EventOrigin(sender, number);
            if (!seen.Contains(origin) && (time.GetElapsedTime(sent) <= within || seen.IsOnTheWay(origin))) return true;
        }

        return false;
    }

    /// <summary>How long ago an event was sent.</summary>
    public TimeSpan AgeOf(in LoggedEvent logged) => time.GetElapsedTime(logged.Time);

    /// <summary>Copies an event, so that it can be given another position.</summary>
    public static (OutgoingMessage Event, int OffsetAt) Copy(in LoggedEvent logged) => Copy(logged.Message!, logged.OffsetAt);

    /// <inheritdoc cref="Copy(in LoggedEvent)"/>
    public static (OutgoingMessage Event, int OffsetAt) Copy(OutgoingMessage message, int offsetAt)
    {
        var copy = new OutgoingMessage([.. message.Head.Bytes], message.Attachments, message.IsJson, message.Head.IsBinary);
        if (!message.IsCompressible) copy.KeepUncompressed();
        return (copy, offsetAt);
    }

    /// <summary>Reads an offset that a client sent. Returns false if it is not an offset at all; null is one of another log.</summary>
    public bool TryReadOffset(string text, out EntryId? position)
    {
        position = null;
        if (Shared is not null)
        {
            if (!EntryId.TryParse(text, out var id)) return false;
            position = id;
            return true;
        }

        if (!LogOffset.TryRead(text, _epoch, out var number)) return false;
        if (number is { } counted) position = new(0, (ulong)counted);
        return true;
    }

    /// <summary>Events until this position were never here, as in a namespace that was not in use. The caller holds the gate.</summary>
    public void TrimTo(EntryId position)
    {
        _trimmedTo = EntryId.Later(_trimmedTo, position);
        _position = EntryId.Later(_position, position);
    }

    /// <summary>Takes everything out, so that what comes before it can be put in. The caller holds the gate.</summary>
    public LoggedEvent[] Clear()
    {
        var all = new LoggedEvent[_count];
        for (var i = 0; i < all.Length; i++) all[i] = this[i];
        while (_count > 0) DropFirst();
        (_position, _trimmedTo) = (EntryId.None, EntryId.None);
        return all;
    }

    /// <summary>Puts in again what was taken out, unless it is there. The caller holds the gate.</summary>
    public void AppendAgain(in LoggedEvent logged)
    {
        if (logged.Id <= _position) return;
        _position = logged.Id;
        Append(logged);
    }

    /// <summary>Drops events that are too old. Returns false if none is left. The caller holds the gate.</summary>
    public bool DropOld()
    {
        while (_count > 0 && time.GetElapsedTime(_ring[_head].Time) > maxAge) DropFirst();
        if (_count == 0) _ring = [];
        return _count > 0;
    }

    private void Append(in LoggedEvent logged)
    {
        if (_count == _ring.Length) Grow();
        if (_count == 0) budget.OnFilled(this);
        _ring[(_head + _count++) & (_ring.Length - 1)] = logged;
        CountBytes(logged, 1);
        while (_count > 0 && (_count - _repeated > options.MaxMessages || _bytes > options.MaxBytes || budget.IsExceeded)) DropFirst();
    }

    private void DropFirst()
    {
        ref var first = ref _ring[_head];
        CountBytes(first, -1);
        if (first.Origin is { IsNumbered: true, Sender: { } sender })
        {
            if (_dropped.Count >= MaxSenders) _dropped.Clear();
            _dropped[sender] = (first.Origin.Number, first.Time);
        }

        _trimmedTo = first.Id;
        first = default;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
    }

    // 1: it is kept from now on; -1: no longer.
    private void CountBytes(in LoggedEvent logged, int sign)
    {
        var bytes = sign * (logged.Size + (logged.IsRepeated ? RepeatedOverhead : 0L));
        if (logged.IsRepeated)
        {
            _repeated += sign;
            _repeatedBytes += bytes;
        }

        _bytes += bytes;
        budget.Add(bytes);
    }

    private void Grow()
    {
        var larger = new LoggedEvent[Math.Max(FirstSize, _ring.Length * 2)];
        for (var i = 0; i < _count; i++) larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
        (_ring, _head) = (larger, 0);
    }
}

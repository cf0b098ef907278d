using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <content>Sessions that move between servers whose logs are their own.</content>
internal sealed partial class NamespaceRecovery
{
    // An event of a server that the other one had not heard before may have been sent before the client was there.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(2);

    /// <summary>Another server asks for a session, and may be sent it until <see cref="EndGiving"/>.</summary>
    public void BeginGiving() => store.OnTaking();

    /// <inheritdoc cref="BeginGiving"/>
    public void EndGiving() => store.OnTaken();

    /// <summary>Gives a session to another server.</summary>
    /// <param name="request">What the client asks for there.</param>
    /// <param name="userId">Its user.</param>
    /// <param name="failure">Why there is none to give.</param>
    public MovedSession? TryGive(RecoveryRequest request, string? userId, out string? failure)
    {
        if (TryTake(request, userId, asksOthers: false, out failure) is not { } session) return null;
        MovedSession? given;
        lock (log.Gate)
        {
            Set(session.RecoveryId, null);
            failure = log.HasUnnumbered(store.Window) ? RecoveryFailure.OtherPublishers : null;
            // Something may have been done to it since it was taken out.
            failure = CatchUp(session) ?? failure;
            failure = Measure(session, request, maxReplayBytes, out _, out _, out var missed) ?? failure;
            session.History.IsMoved = failure is null;
            given = failure is null ? new(session.Socket, missed, log.Seen.With(session.History.Seen), store.AwayFor(session)) { Handled = session.Handled } : null;
        }

        Release(session);
        return given;
    }

    /// <summary>The same as <c>TryBegin</c> for a session of another server. The missed events become events of this log, so that they have offsets of it.</summary>
    public string? TryBegin(Member? member, MovedSession session, RecoveryRequest request, IEnumerable<(OutgoingMessage Event, int OffsetAt)> missedThere, out List<OutgoingMessage> missed)
    {
        missed = [];
        if (session.Gaps != log.Gaps) return Fail(RecoveryFailure.Gap);
        if (log.HasUnnumbered(session.Away + OnTheWay)) return Fail(RecoveryFailure.OtherPublishers);
        if (log.HasDropped(session.Seen, session.Away + OnTheWay)) return Fail(RecoveryFailure.Trimmed);
        var from = log.Position;
        HashSet<string> rooms = [.. session.Socket.Rooms];
        if (_changes.MayLack(rooms, session.Seen, session.Away + OnTheWay)) return Fail(RecoveryFailure.Unknown);
        List<(OutgoingMessage Event, int OffsetAt)> all = [.. missedThere];
        for (var i = 0; i < log.Count; i++)
        {
            var logged = log[i];
            // Events that the other server has not had yet: those of servers that it hears, and those of this one.
            if (!logged.Origin.IsNumbered || session.Seen.Contains(logged.Origin)) continue;
            if (log.AgeOf(logged) > session.Away + OnTheWay && !session.Seen.IsOnTheWay(logged.Origin)) continue;
            if (IsFor(logged.Target, rooms)) all.Add(EventLog.Copy(logged));
        }

        if (all.Sum(static one => (long)one.Event.Size) > RoomFor(member, request)) return Fail(RecoveryFailure.TooLarge);
        var self = Target.Everyone.To(session.Socket.Id);
        foreach (var one in all)
        {
            log.Append(one, self, isRepeated: true);
            missed.Add(one.Event);
        }

        var history = new MemberHistory(session.Socket.Id, request.Id, request.Offset, session.Seen, from, log.Position, session.Gaps);
        if (member is not null)
        {
            member.History = history;
            Set(request.Id, member);
        }
        else
        {
            // The client has gone again meanwhile.
            PutBack(Create(history, session.Socket));
        }

        return null;

        string Fail(string failure)
        {
            Set(request.Id, null);
            return failure;
        }
    }
}

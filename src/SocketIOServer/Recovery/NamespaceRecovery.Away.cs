using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <content>What the program does to sockets whose clients are away.</content>
internal sealed partial class NamespaceRecovery : IAwayMembers
{
    public void Change(MemberChange change, in EventOrigin origin)
    {
        List<SavedSession>? ended = null;
        lock (log.Gate)
        {
            if (log.Shared is null)
            {
                _changes.Add(change, origin, log.Position);
                // In one step with the change: a server that takes a session hears whether the session has it.
                if (origin is { Sender: { } sender, IsNumbered: true }) log.Seen.Add(sender, origin.Number);
            }
            else if (origin.Id != EntryId.None)
            {
                log.Append(change, origin.Id);
            }

            foreach (var session in _away)
            {
                if (!IsKept(session, change, origin)) (ended ??= []).Add(session);
            }

            foreach (var session in ended ?? [])
            {
                store.Remove(session);
                Set(session.RecoveryId, null);
            }
        }

        foreach (var session in ended ?? []) Release(session);
        Rooms?.Tell();
    }

    // False: the session has ended.
    private bool IsKept(SavedSession session, MemberChange change, in EventOrigin origin)
    {
        if (log.Shared is not null) return origin.Id == EntryId.None ? session.TryChange(log, change, log.Position) : CatchUp(session) is null;
        // It was being taken at an earlier change.
        if (session.ChangesMade != _changes.Latest - 1) return CatchUp(session) is null;
        session.ChangesMade++;
        return session.TryChange(log, change, log.Position);
    }

    // While a session is being taken, it is not among those that are changed. Null, or why it cannot be recovered.
    private string? CatchUp(SavedSession session, Member? member = null)
    {
        string[] before = member is null ? [] : [.. session.Rooms];
        if (log.Shared is not null)
        {
            if (!session.TryCatchUp(log)) return RecoveryFailure.Unknown;
        }
        else
        {
            if (session.ChangesMade == _changes.Latest) return null;
            if (_changes.After(session.ChangesMade) is not { } changes) return RecoveryFailure.Trimmed;
            if (!session.TryCatchUp(log, changes)) return RecoveryFailure.Unknown;
            session.ChangesMade = _changes.Latest;
        }

        if (member is null) return null;
        // A change for the id alone did not reach a socket that is not let in yet.
        string[] joined = [.. session.Rooms.Except(before)];
        string[] left = [.. before.Except(session.Rooms)];
        if (joined.Length > 0) adapter.Join(member, joined);
        if (left.Length > 0) adapter.Leave(member, left);
        return null;
    }

    // OnConnecting can change the rooms of a socket that is not let in yet.
    private void NoteChanges(Member member, SavedSession session)
    {
        var rooms = adapter.RoomsOf(member);
        foreach (var room in rooms.Where(room => !session.Rooms.Contains(room))) member.History!.Note(log, room, isJoin: true);
        foreach (var room in session.Rooms.Where(room => !rooms.Contains(room))) member.History!.Note(log, room, isJoin: false);
    }
}

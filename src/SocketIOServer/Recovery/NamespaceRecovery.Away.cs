using System.Collections.Immutable;
using SocketIOServer.Adapters;

namespace SocketIOServer.Recovery;

/// <content>What the program does to sockets whose clients are away.</content>
internal sealed partial class NamespaceRecovery : IAwayMembers
{
    public void ChangeRooms(Target target, ImmutableArray<string> rooms, bool isJoin)
    {
        lock (log.Gate)
        {
            foreach (var session in Away(target))
            {
                foreach (var room in rooms)
                {
                    if (session.TryChange(log, room, isJoin)) Rooms?.Note(room, isJoin);
                }
            }
        }

        Rooms?.Tell();
    }

    public void Disconnect(Target target)
    {
        SavedSession[] ended;
        lock (log.Gate)
        {
            ended = [.. Away(target)];
            foreach (var session in ended)
            {
                store.Remove(session);
                Set(session.RecoveryId, null);
            }
        }

        foreach (var session in ended) Release(session);
    }

    // OnConnecting can change the rooms of a socket that is not let in yet.
    private void NoteChanges(Member member, SavedSession session)
    {
        var rooms = adapter.RoomsOf(member);
        foreach (var room in rooms.Where(room => !session.Rooms.Contains(room))) member.History!.Note(log, room, isJoin: true);
        foreach (var room in session.Rooms.Where(room => !rooms.Contains(room))) member.History!.Note(log, room, isJoin: false);
    }

    private IEnumerable<SavedSession> Away(Target target) => _sessions.Values.OfType<SavedSession>().Where(session => IsFor(target, session.Rooms));
}

using Chat.Messages;
using Chat.Rooms;
using SocketIOServer;

namespace Chat.Presence;

/// <summary>
/// Tells the pages of this node who is here: counts at most a few times a second however many come at once, and who has come or left. Every node knows
/// of all users, so each tells its own clients alone and nobody is told twice.
/// </summary>
internal sealed class Crier : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // In place of a room: how many users are here at all.
    private const long Total = 0;

    private readonly Lock _gate = new();
    private readonly HashSet<long> _changed = [];
    private readonly OnlineUsers _online;
    private readonly ISocketServer _server;
    private readonly ITimer _timer;

    public Crier(OnlineUsers online, [FromKeyedServices(ChatApp.Server)] ISocketServer server, TimeProvider time)
    {
        (_online, _server) = (online, server);
        _timer = time.CreateTimer(_ => TellCounts(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        online.Changed += Tell;
    }

    public void Dispose() => _timer.Dispose();

    private void Tell(PresenceChange change)
    {
        Note(change.Room);
        var name = change.Visitor.Name;
        switch (change.Kind)
        {
            case PresenceChangeKind.EnteredRoom when change.Visitor.IsNews:
                Tell(RoomNotice.Entered(change.Room, name));
                break;
            case PresenceChangeKind.LeftRoom:
                Tell(RoomNotice.Left(change.Room, name));
                break;
            case PresenceChangeKind.Came or PresenceChangeKind.Left:
                TellPresence(change.Visitor.Id);
                break;
        }
    }

    private void Tell(RoomNotice notice) => _ = _server.Of(RoomsController.Path).To(Room.Of(notice.Room)).Local.As<IRoomClient>().Status(notice).AsTask();

    // As it is now: of two changes on two threads the later one may be told first.
    private void TellPresence(long user) => _ = _server.Of(PrivateController.Path).To(PrivateController.WatchersOf(user)).Local
        .As<IPrivateClient>().Presence(user, _online.IsOnline(user)).AsTask();

    private void Note(long room)
    {
        lock (_gate)
        {
            if (_changed.Count == 0) _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            _changed.Add(room);
        }
    }

    private void TellCounts()
    {
        RoomCount[] counts;
        bool isTotal;
        lock (_gate)
        {
            isTotal = _changed.Remove(Total);
            counts = [.. _changed.Select(room => new RoomCount(room, _online.CountIn(room)))];
            _changed.Clear();
        }

        if (isTotal) _ = _server.Local.As<IGlobalClient>().Online(_online.Count).AsTask();
        if (counts.Length > 0) _ = _server.Of(RoomsController.Path).Local.As<IRoomClient>().Counts(counts).AsTask();
    }
}

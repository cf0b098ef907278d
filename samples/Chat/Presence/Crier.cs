using Chat.Accounts;
using Chat.Messages;
using Chat.Rooms;
using SocketIOServer;

namespace Chat.Presence;

/// <summary>
/// Tells the pages who is here: counts at most a few times a second however many come at once, and who has left when a user's grace time is over.
/// </summary>
internal sealed class Crier : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly HashSet<long> _changed = [];
    private readonly OnlineUsers _online;
    private readonly ISocketServer _server;
    private readonly ITimer _timer;

    public Crier(OnlineUsers online, [FromKeyedServices(ChatApp.Server)] ISocketServer server, TimeProvider time)
    {
        (_online, _server) = (online, server);
        _timer = time.CreateTimer(_ => TellCounts(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        online.Changed += Note;
        online.Came += user => TellPresence(user, isOnline: true);
        online.Left += (user, rooms) =>
        {
            TellPresence(user, isOnline: false);
            foreach (var room in rooms) Tell(RoomNotice.Left(room, user.Name));
        };
    }

    public void Tell(RoomNotice notice) => _ = _server.Of(RoomsController.Path).To(Room.Of(notice.Room)).As<IRoomClient>().Status(notice).AsTask();

    public void Dispose() => _timer.Dispose();

    private void TellPresence(User user, bool isOnline) =>
        _ = _server.Of(PrivateController.Path).To(PrivateController.WatchersOf(user.Id)).As<IPrivateClient>().Presence(user.Id, isOnline).AsTask();

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
            isTotal = _changed.Remove(0);
            counts = [.. _changed.Select(room => new RoomCount(room, _online.CountIn(room)))];
            _changed.Clear();
        }

        if (isTotal) _ = _server.As<IGlobalClient>().Online(_online.Count).AsTask();
        if (counts.Length > 0) _ = _server.Of(RoomsController.Path).As<IRoomClient>().Counts(counts).AsTask();
    }
}

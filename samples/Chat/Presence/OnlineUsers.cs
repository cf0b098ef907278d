using Chat.Accounts;
using Microsoft.Extensions.Options;

namespace Chat.Presence;

/// <summary>
/// Who is here, on however many sockets and nodes, and in which rooms. A user whose last socket goes stays for a grace time: who loads a page again
/// has not left. Any thread.
/// </summary>
internal sealed class OnlineUsers(TimeProvider time, IOptions<ChatOptions> options)
{
    // This node, as a key of the map. Others have an id.
    private const string Self = "";

    private readonly Lock _gate = new();
    private readonly PresenceMap _map = new();
    private readonly Dictionary<long, Visit> _visits = [];

    // Of these, rooms were told that they left, so they are told when they come back.
    private readonly HashSet<long> _left = [];

    /// <summary>Something has changed for all nodes together. Each node is told, so each tells its own clients alone.</summary>
    public event Action<PresenceChange>? Changed;

    /// <summary>This node's part has changed: this user came, left, or is in other rooms.</summary>
    public event Action<long, bool>? OwnChanged;

    public int Count
    {
        get { lock (_gate) return _map.Count; }
    }

    public (int Users, IReadOnlyList<(long Room, int Users)> Rooms) Counts
    {
        get { lock (_gate) return (_map.Count, [.. _map.RoomCounts]); }
    }

    /// <summary>All users of this node.</summary>
    public IReadOnlyList<Visitor> Own
    {
        get { lock (_gate) return _map.All(Self); }
    }

    public int CountIn(long room)
    {
        lock (_gate) return _map.CountIn(room);
    }

    public bool IsOnline(long user)
    {
        lock (_gate) return _map.Contains(user);
    }

    public Visitor? FindOwn(long user)
    {
        lock (_gate) return _map.Find(Self, user);
    }

    public void Enter(User user, string socket)
    {
        var changes = new List<PresenceChange>();
        lock (_gate)
        {
            if (!_visits.TryGetValue(user.Id, out var visit)) _visits.Add(user.Id, visit = new());
            visit.Sockets.Add(socket);
            visit.Grace?.Dispose();
            visit.Grace = null;
            if (_map.Find(Self, user.Id) is not null) return;
            _map.Set(Self, new(user.Id, user.Name, []), changes);
        }

        Tell(changes, user.Id);
    }

    /// <summary>
    /// True: the rooms were told that this user left. False after a restart of the server, when pages connect again whose users the rooms
    /// never missed.
    /// </summary>
    public bool TakeHasLeft(long user)
    {
        lock (_gate) return _left.Remove(user);
    }

    public void Leave(User user, string socket)
    {
        lock (_gate)
        {
            if (!_visits.TryGetValue(user.Id, out var visit) || !visit.Sockets.Remove(socket) || visit.Sockets.Count > 0) return;
            visit.Grace = time.CreateTimer(_ => End(user, visit), null, options.Value.Grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Without effect if the user is in already, on another tab, or is gone.</summary>
    public void EnterRoom(long user, long room, bool isNews = true) => SetRooms(user, rooms => [.. rooms.Append(room).Distinct()], isNews);

    /// <summary>Takes the user out of a room on this node.</summary>
    public void LeaveRoom(long user, long room) => SetRooms(user, rooms => [.. rooms.Where(other => other != room)]);

    /// <summary>The rooms that the user is a member of. Without effect if the user is not on this node.</summary>
    public void SetRooms(long user, IReadOnlyCollection<long> rooms) => SetRooms(user, _ => rooms);

    public void CloseRoom(long room)
    {
        lock (_gate) _map.CloseRoom(room);
    }

    /// <summary>Takes over what another node says of its users.</summary>
    public void Update(string node, IReadOnlyList<Visitor> visitors, bool isFull)
    {
        var changes = new List<PresenceChange>();
        lock (_gate)
        {
            if (isFull)
            {
                var there = visitors.Select(visitor => visitor.Id).ToHashSet();
                visitors = [.. visitors, .. _map.All(node).Where(known => !there.Contains(known.Id)).Select(known => known with { Rooms = null })];
            }

            foreach (var visitor in visitors) _map.Set(node, visitor, changes);
        }

        Tell(changes);
    }

    private void SetRooms(long user, Func<IReadOnlyCollection<long>, IReadOnlyCollection<long>> change, bool isNews = true)
    {
        var changes = new List<PresenceChange>();
        lock (_gate)
        {
            if (_map.Find(Self, user) is not { } visitor) return;
            var rooms = change(visitor.Rooms!);
            if (visitor.Rooms!.Count == rooms.Count && !rooms.Except(visitor.Rooms).Any()) return;
            _map.Set(Self, visitor with { Rooms = rooms, IsNews = isNews }, changes);
        }

        Tell(changes, user, isNews);
    }

    private void End(User user, Visit visit)
    {
        var changes = new List<PresenceChange>();
        lock (_gate)
        {
            // Came back just before; or a timer that was disposed of too late, of a visit that is over.
            if (visit.Sockets.Count > 0 || _visits.GetValueOrDefault(user.Id) != visit) return;
            _visits.Remove(user.Id);
            visit.Grace?.Dispose();
            _map.Set(Self, new(user.Id, user.Name, null), changes);
        }

        Tell(changes, user.Id);
    }

    private void Tell(List<PresenceChange> changes, long? own = null, bool isNews = true)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                if (change.Kind == PresenceChangeKind.Left) _left.Add(change.Visitor.Id);
                else if (change.Kind == PresenceChangeKind.EnteredRoom) _left.Remove(change.Visitor.Id);
            }
        }

        foreach (var change in changes) Changed?.Invoke(change);
        if (own is { } user) OwnChanged?.Invoke(user, isNews);
    }

    private sealed class Visit
    {
        public HashSet<string> Sockets { get; } = [];

        public ITimer? Grace { get; set; }
    }
}

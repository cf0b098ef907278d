using Chat.Accounts;
using Microsoft.Extensions.Options;

namespace Chat.Presence;

/// <summary>
/// Who is here, on however many sockets, and in which rooms. A user whose last socket goes stays for a grace time: who loads a page again
/// has not left. Any thread.
/// </summary>
internal sealed class OnlineUsers(TimeProvider time, IOptions<ChatOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Visit> _visits = [];
    private readonly Dictionary<long, HashSet<long>> _rooms = [];

    // Of these, rooms were told that they left, so they are told when they come back.
    private readonly HashSet<long> _left = [];

    /// <summary>Somebody came to a room or left it, or came at all (then the room is 0).</summary>
    public event Action<long>? Changed;

    /// <summary>A user came, with the first socket.</summary>
    public event Action<User>? Came;

    /// <summary>A user left and did not come back within the grace time. The list has the rooms that the user was in.</summary>
    public event Action<User, IReadOnlyList<long>>? Left;

    public int Count
    {
        get { lock (_gate) return _visits.Count; }
    }

    public int CountIn(long room)
    {
        lock (_gate) return _rooms.TryGetValue(room, out var users) ? users.Count : 0;
    }

    public bool IsOnline(long user)
    {
        lock (_gate) return _visits.ContainsKey(user);
    }

    public void Enter(User user, string socket)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_visits.TryGetValue(user.Id, out var visit);
            if (visit is null) _visits.Add(user.Id, visit = new());
            visit.Sockets.Add(socket);
            visit.Grace?.Dispose();
            visit.Grace = null;
        }

        Changed?.Invoke(0);
        if (isFirst) Came?.Invoke(user);
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

    /// <summary>False: the user is in already, on another tab, or is gone.</summary>
    public bool EnterRoom(long user, long room)
    {
        lock (_gate)
        {
            if (!_visits.ContainsKey(user)) return false;
            if (!_rooms.TryGetValue(room, out var users)) _rooms.Add(room, users = []);
            if (!users.Add(user)) return false;
        }

        Changed?.Invoke(room);
        return true;
    }

    /// <summary>False: was not in.</summary>
    public bool LeaveRoom(long user, long room)
    {
        lock (_gate)
        {
            if (!Remove(user, room)) return false;
        }

        Changed?.Invoke(room);
        return true;
    }

    public void CloseRoom(long room)
    {
        lock (_gate) _rooms.Remove(room);
    }

    private void End(User user, Visit visit)
    {
        long[] rooms;
        lock (_gate)
        {
            // Came back just before; or a timer that was disposed of too late, of a visit that is over.
            if (visit.Sockets.Count > 0 || _visits.GetValueOrDefault(user.Id) != visit) return;
            _visits.Remove(user.Id);
            visit.Grace?.Dispose();
            rooms = [.. _rooms.Keys.Where(room => Remove(user.Id, room))];
            _left.Add(user.Id);
        }

        foreach (var room in rooms) Changed?.Invoke(room);
        Changed?.Invoke(0);
        Left?.Invoke(user, rooms);
    }

    // The caller holds the gate.
    private bool Remove(long user, long room)
    {
        if (!_rooms.TryGetValue(room, out var users) || !users.Remove(user)) return false;
        if (users.Count == 0) _rooms.Remove(room);
        return true;
    }

    private sealed class Visit
    {
        public HashSet<string> Sockets { get; } = [];

        public ITimer? Grace { get; set; }
    }
}

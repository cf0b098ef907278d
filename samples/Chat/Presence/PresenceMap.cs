namespace Chat.Presence;

/// <summary>Who is here and in which rooms, each node's users by themselves and all together. One thread at a time.</summary>
internal sealed class PresenceMap
{
    private readonly Dictionary<string, Dictionary<long, Visitor>> _nodes = new(StringComparer.Ordinal);

    // On how many nodes a user is, and is in a room.
    private readonly Dictionary<long, int> _users = [];
    private readonly Dictionary<long, Dictionary<long, int>> _rooms = [];

    public int Count => _users.Count;

    public IEnumerable<(long Room, int Users)> RoomCounts => _rooms.Select(room => (room.Key, room.Value.Count));

    public int CountIn(long room) => _rooms.TryGetValue(room, out var users) ? users.Count : 0;

    public bool Contains(long user) => _users.ContainsKey(user);

    public Visitor? Find(string node, long user) => _nodes.TryGetValue(node, out var visitors) ? visitors.GetValueOrDefault(user) : null;

    public IReadOnlyList<Visitor> All(string node) => _nodes.TryGetValue(node, out var visitors) ? [.. visitors.Values] : [];

    /// <summary>Replaces what one node says of a user. What that changes for all nodes together is added to the list.</summary>
    public void Set(string node, Visitor visitor, List<PresenceChange> changes)
    {
        if (!_nodes.TryGetValue(node, out var visitors)) _nodes.Add(node, visitors = []);
        var before = visitors.GetValueOrDefault(visitor.Id);
        // Of a user who is gone, a node tells the id alone.
        if (visitor.Rooms is null && before is not null) visitor = visitor with { Name = before.Name };
        if (visitor.Rooms is null) visitors.Remove(visitor.Id);
        else visitors[visitor.Id] = visitor;
        if (visitors.Count == 0) _nodes.Remove(node);

        if (before is null && visitor.Rooms is not null && Add(_users, visitor.Id)) changes.Add(new(PresenceChangeKind.Came, visitor));
        foreach (var room in (visitor.Rooms ?? []).Except(before?.Rooms ?? []))
        {
            if (!_rooms.TryGetValue(room, out var users)) _rooms.Add(room, users = []);
            if (Add(users, visitor.Id)) changes.Add(new(PresenceChangeKind.EnteredRoom, visitor, room));
        }

        foreach (var room in (before?.Rooms ?? []).Except(visitor.Rooms ?? []))
        {
            // A room that was closed is not there any more.
            if (!_rooms.TryGetValue(room, out var users) || !Remove(users, visitor.Id)) continue;
            if (users.Count == 0) _rooms.Remove(room);
            changes.Add(new(PresenceChangeKind.LeftRoom, visitor, room));
        }

        if (before is not null && visitor.Rooms is null && Remove(_users, visitor.Id)) changes.Add(new(PresenceChangeKind.Left, visitor));
    }

    /// <summary>Forgets a room on all nodes.</summary>
    public void CloseRoom(long room)
    {
        _rooms.Remove(room);
        foreach (var visitors in _nodes.Values)
        {
            foreach (var visitor in visitors.Values.Where(visitor => visitor.Rooms!.Contains(room)).ToList())
                visitors[visitor.Id] = visitor with { Rooms = [.. visitor.Rooms!.Where(other => other != room)] };
        }
    }

    // True: the first one.
    private static bool Add(Dictionary<long, int> counts, long user)
    {
        counts[user] = counts.GetValueOrDefault(user) + 1;
        return counts[user] == 1;
    }

    // True: it was the last one.
    private static bool Remove(Dictionary<long, int> counts, long user)
    {
        if (!counts.TryGetValue(user, out var count)) return false;
        if (count > 1) counts[user] = count - 1;
        else counts.Remove(user);
        return count == 1;
    }
}

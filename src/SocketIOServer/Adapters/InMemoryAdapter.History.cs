namespace SocketIOServer.Adapters;

/// <content>The latest events of rooms, for sockets that join later.</content>
public sealed partial class InMemoryAdapter
{
    /// <inheritdoc/>
    internal override int JoinWithHistory(Member member, string room, int maxEvents)
    {
        var history = _context.History!;
        var sends = QueuedSends.Begin();
        var count = 0;
        try
        {
            lock (history.Gate)
            {
                bool hasJoined;
                // A client that has left would come back to the room without its history.
                lock (_gate) hasJoined = !member.HasLeft && TryJoin(member, room);
                if (hasJoined && member.IsConnected && history.Keeps(room)) count = history.Queue(member, room, RoomsOf(member), maxEvents, sends);
            }
        }
        finally
        {
            sends.End(isForMany: false);
        }

        _observer?.Tell();
        return count;
    }

    private bool IsKept(NamespaceHistory history, in Target target)
    {
        if (target.IsVolatile) return false;
        if (target.Rooms.Length == 0) return history.KeepsForAll;
        foreach (var room in target.Rooms)
        {
            if (IsKept(history, room)) return true;
        }

        return false;
    }

    // What is sent to one socket has no history.
    private bool IsKept(NamespaceHistory history, string room) => history.Keeps(room) && !_byId.ContainsKey(room);

    private void Keep(NamespaceHistory history, in KeptEvent kept)
    {
        if (kept.Target.Rooms.Length == 0) history.Add(null, kept);
        foreach (var room in kept.Target.Rooms)
        {
            if (IsKept(history, room)) history.Add(room, kept);
        }
    }

    private void BroadcastKept(NamespaceHistory history, OutgoingMessage message, in Target target)
    {
        var sends = QueuedSends.Begin();
        var isForMany = false;
        try
        {
            lock (history.Gate)
            {
                Keep(history, history.Create(message, null, 0, target));
                var members = Select(target);
                isForMany = members.Count > Prefetched;
                _backpressure.OnBroadcast(message.Size, members, members.Count, static (members, index) => members[index].Session.Outbox);
                var except = target.Except.AsSpan();
                for (var i = 0; i < members.ChunkCount; i++)
                {
                    foreach (var member in members.Chunk(i))
                    {
                        if (member.IsConnected && !IsExcepted(member, except)) sends.Add(member.Session, message);
                    }
                }
            }
        }
        finally
        {
            sends.End(isForMany);
        }
    }
}

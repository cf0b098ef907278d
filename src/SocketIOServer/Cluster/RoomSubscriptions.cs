using SocketIOServer.Adapters;
using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>
/// Listens to the channel of a room while a socket of this server is in it. It begins with the first member and ends a second after the last, so that
/// sockets that come and go cost the engine nothing. Passes on to the namespace's own observer what it is told.
/// </summary>
/// <param name="node">The clock, the wire and the bus.</param>
/// <param name="namespace">The name of the namespace.</param>
/// <param name="next">The namespace's own observer.</param>
/// <param name="log">The lock of the namespace's log, under which sockets are added and removed. Null: there is no log.</param>
/// <param name="handler">Takes the messages.</param>
internal sealed class RoomSubscriptions(ClusterNode node, string @namespace, IRoomObserver? next, Lock? log, BusHandler handler) : IRoomObserver, ISessionRooms
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<(BusChannel Channel, bool IsThere)> _noted = new();
    private readonly Dictionary<BusChannel, Entry> _entries = [];
    private readonly Queue<(BusChannel Channel, long Due)> _ending = new();
    private ITimer? _timer;
    private bool _isChanging;

    /// <summary>Channels that are listened to.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    public void Note(RoomChangeKind kind, string room, Member? member)
    {
        // The adapter's lock is held: the bus is called later.
        if (kind is RoomChangeKind.Created or RoomChangeKind.Deleted) NoteRoom(room, isSocketId: false, kind == RoomChangeKind.Created);
        next?.Note(kind, room, member);
    }

    /// <summary>A socket, whose id is a room, has come or gone.</summary>
    public void NoteSocket(string id, bool isThere)
    {
        NoteRoom(id, isSocketId: true, isThere);
        Change();
    }

    /// <inheritdoc cref="IRoomObserver.Tell"/>
    public void Tell()
    {
        Change();
        next?.Tell();
    }

    public void TellSoon()
    {
        Change();
        next?.TellSoon();
    }

    /// <inheritdoc/>
    public void Hold(SavedSession session) => NoteRooms(session, isThere: true);

    /// <inheritdoc/>
    public void Note(string room, bool isThere) => NoteRoom(room, isSocketId: false, isThere);

    /// <inheritdoc/>
    public void Release(SavedSession session)
    {
        NoteRooms(session, isThere: false);
        Change();
    }

    /// <summary>The namespace goes out of use, and nobody is in any room.</summary>
    public void Clear()
    {
        Entry[] entries;
        lock (_gate)
        {
            entries = [.. _entries.Values];
            _entries.Clear();
            _ending.Clear();
            _timer?.Dispose();
            _timer = null;
        }

        foreach (var entry in entries) _ = entry.Subscription?.DisposeAsync().AsTask();
    }

    private void NoteRooms(SavedSession session, bool isThere)
    {
        foreach (var room in session.Rooms) NoteRoom(room, isSocketId: room == session.SocketId, isThere);
    }

    private void NoteRoom(string room, bool isSocketId, bool isThere)
    {
        if (node.Wire.RoomChannel(@namespace, room, isSocketId) is not { } channel) return;
        lock (_gate) _noted.Enqueue((channel, isThere));
    }

    // One thread at a time, or a subscription could be ended before it has begun.
    private void Change()
    {
        // The bus may be code of the program, which must not run under the lock.
        if (log is { IsHeldByCurrentThread: true })
        {
            ThreadPool.UnsafeQueueUserWorkItem(static subscriptions => subscriptions.Change(), this, preferLocal: false);
            return;
        }

        lock (_gate)
        {
            if (_noted.Count == 0 || _isChanging) return;
            _isChanging = true;
        }

        while (TryTake(out var begin))
        {
            if (begin is not { } channel) continue;
            var subscription = node.Bus.Subscribe(channel, handler);
            lock (_gate)
            {
                if (_entries.TryGetValue(channel, out var entry) && entry.Subscription is null)
                {
                    entry.Subscription = subscription;
                    continue;
                }
            }

            // The namespace has gone out of use meanwhile.
            _ = subscription.DisposeAsync().AsTask();
        }
    }

    // False: there is nothing left. The channel: it is to be subscribed to.
    private bool TryTake(out BusChannel? begin)
    {
        begin = null;
        lock (_gate)
        {
            if (!_noted.TryDequeue(out var change)) return _isChanging = false;
            if (change.IsThere)
            {
                if (_entries.TryGetValue(change.Channel, out var known))
                {
                    known.Uses++;
                    return true;
                }

                _entries[change.Channel] = new();
                begin = change.Channel;
            }
            else if (_entries.TryGetValue(change.Channel, out var entry) && --entry.Uses == 0)
            {
                _ending.Enqueue((change.Channel, node.Time.GetTimestamp()));
                _timer ??= node.Time.CreateTimer(static state => ((RoomSubscriptions)state!).End(), this, Late, Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    private void End()
    {
        List<IBusSubscription> ended = [];
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            while (_ending.TryPeek(out var next))
            {
                var left = Late - node.Time.GetElapsedTime(next.Due);
                if (left > TimeSpan.Zero)
                {
                    _timer = node.Time.CreateTimer(static state => ((RoomSubscriptions)state!).End(), this, left, Timeout.InfiniteTimeSpan);
                    break;
                }

                _ending.Dequeue();
                // Somebody may have come back.
                if (!_entries.TryGetValue(next.Channel, out var entry) || entry.Uses > 0) continue;
                _entries.Remove(next.Channel);
                if (entry.Subscription is { } subscription) ended.Add(subscription);
            }
        }

        foreach (var subscription in ended) _ = subscription.DisposeAsync().AsTask();
    }

    private sealed class Entry
    {
        public int Uses { get; set; } = 1;

        public IBusSubscription? Subscription { get; set; }
    }
}

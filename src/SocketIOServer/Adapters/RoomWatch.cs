using SocketIOServer.Namespaces;
using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>
/// Tells a program what happens to the rooms of a namespace, in the order in which it happens: noted under the adapter's lock, told
/// outside of it by one thread at a time. So what is told may change rooms itself, and is told of that afterwards.
/// </summary>
internal sealed class RoomWatch(Namespace @namespace)
{
    private readonly Lock _gate = new();
    private readonly Queue<RoomChange> _noted = new();
    private bool _isTelling;

    public void Note(RoomChangeKind kind, string room, Socket? socket)
    {
        if (!@namespace.Handlers.RoomChanged.Any) return;
        lock (_gate) _noted.Enqueue(new(kind, room, socket));
    }

    /// <summary>Not on this thread, which may be in the middle of a broadcast that closed a slow client.</summary>
    public void TellSoon()
    {
        if (@namespace.Handlers.RoomChanged.Any) ThreadPool.UnsafeQueueUserWorkItem(static watch => watch.Tell(), this, preferLocal: false);
    }

    public void Tell()
    {
        if (!@namespace.Handlers.RoomChanged.Any) return;
        lock (_gate)
        {
            if (_isTelling) return;
            _isTelling = true;
        }

        while (TryTake(out var change)) @namespace.Handlers.RoomChanged.Tell(change, @namespace, (Socket?)change.Socket);
    }

    private bool TryTake(out RoomChange change)
    {
        lock (_gate) return _isTelling = _noted.TryDequeue(out change!);
    }
}

using SocketIOServer.Adapters;

namespace SocketIOServer.Events;

/// <summary>
/// Tells a program what happens to the rooms of a namespace, in the order in which it happens. Changes are taken down under the adapter's lock and told
/// outside of it, by one thread at a time. So the program's observers may change rooms themselves, and are told of those changes afterwards.
/// </summary>
internal sealed class RoomObserver(NamespaceContext @namespace) : IRoomObserver
{
    private readonly Lock _gate = new();
    private readonly Queue<RoomChange> _noted = new();
    private bool _isTelling;

    private Observers<RoomChange> Observers => @namespace.Handlers.RoomChanged;

    public void Note(RoomChangeKind kind, string room, Member? member)
    {
        if (!Observers.Any) return;
        lock (_gate) _noted.Enqueue(new(kind, room, (member as EventSocket)?.Public));
    }

    public void TellSoon()
    {
        if (Observers.Any) ThreadPool.UnsafeQueueUserWorkItem(static observer => observer.Tell(), this, preferLocal: false);
    }

    public void Tell()
    {
        if (!Observers.Any) return;
        lock (_gate)
        {
            if (_isTelling) return;
            _isTelling = true;
        }

        while (TryTake(out var change)) Observers.Notify(change, @namespace, (EventSocket?)change.Socket);
    }

    private bool TryTake(out RoomChange change)
    {
        lock (_gate) return _isTelling = _noted.TryDequeue(out change!);
    }
}

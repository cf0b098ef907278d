namespace SocketIOServer.Events;

/// <summary>Who observes the events that the program emits in a namespace: functions of the namespace, and functions of some of its sockets.</summary>
internal sealed class OutgoingObservers(HandlerTable handlers)
{
    // This thread is calling the observers of a socket.
    [ThreadStatic]
    private static bool _isNotifyingSockets;

    private readonly Lock _gate = new();
    private volatile EventSocket[] _observed = [];

    /// <summary>Asked for each emit: without observers nothing is made for them.</summary>
    public bool Any => handlers.Outgoing.Any || _observed.Length > 0;

    /// <summary>The socket has observers of its own.</summary>
    public void Add(EventSocket socket)
    {
        lock (_gate)
        {
            if (Array.IndexOf(_observed, socket) < 0) _observed = [.. _observed, socket];
        }
    }

    public void Remove(EventSocket socket)
    {
        if (_observed.Length == 0) return;
        lock (_gate) _observed = [.. _observed.Where(other => other != socket)];
    }

    /// <param name="sent">The event.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="socket">The one that it goes to; null for a broadcast.</param>
    public void Notify(OutgoingEvent sent, NamespaceContext @namespace, EventSocket? socket)
    {
        handlers.Outgoing.Notify(sent, @namespace, socket);
        // What an observer of a socket emits is told to no socket's observer: observers that emit to each other's sockets would call each other in every order.
        if (_isNotifyingSockets) return;
        _isNotifyingSockets = true;
        try
        {
            foreach (var observed in _observed)
            {
                if (socket is null ? IsIn(observed, sent) : socket == observed) observed.NotifyOutgoing(sent);
            }
        }
        finally
        {
            _isNotifyingSockets = false;
        }
    }

    // The adapter decides on its own, so a change of rooms at the same moment can make a difference.
    private static bool IsIn(EventSocket socket, OutgoingEvent sent)
    {
        if (!socket.IsConnected) return false;
        var rooms = socket.Public.Rooms;
        return (sent.Rooms.Count == 0 || sent.Rooms.Any(rooms.Contains)) && !sent.Except.Any(rooms.Contains);
    }
}

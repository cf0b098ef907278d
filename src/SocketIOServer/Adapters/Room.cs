using SocketIOServer.Sockets;

namespace SocketIOServer.Adapters;

/// <summary>The sockets of a room, with a snapshot that stays as it is while a broadcast walks it.</summary>
internal sealed class Room
{
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _members = [];
    private Socket[]? _snapshot = [];

    public int Count
    {
        get
        {
            lock (_gate) return _members.Count;
        }
    }

    public void Add(Socket socket)
    {
        lock (_gate)
        {
            if (_members.Add(socket)) _snapshot = null;
        }
    }

    /// <summary>True when nobody is left.</summary>
    public bool Remove(Socket socket)
    {
        lock (_gate)
        {
            if (_members.Remove(socket)) _snapshot = null;
            return _members.Count == 0;
        }
    }

    public bool Contains(Socket socket)
    {
        lock (_gate) return _members.Contains(socket);
    }

    public Socket[] Snapshot()
    {
        lock (_gate) return _snapshot ??= [.. _members];
    }
}

using SocketIOServer.Namespaces;
using SocketIOServer.Sockets;

namespace SocketIOServer.Events;

/// <summary>Functions of the program's that look on. What they throw is logged, and changes nothing for whoever did what they see.</summary>
/// <param name="name">What they were declared with, for the log.</param>
internal sealed class Observers<T>(string name)
{
    // Those that are being told on this thread, one within the other.
    [ThreadStatic]
    private static List<Observers<T>>? _telling;

    private Action<T>[] _all = [];

    public bool Any => _all.Length > 0;

    public void Add(Action<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        _all = [.. _all, observer];
    }

    /// <summary>Nobody is told of what an observer does itself: one that emits for each emit would never end, and a full stack ends the process.</summary>
    /// <param name="what">What they see.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="socket">Whose doing it is, for the log; null: nobody's.</param>
    public void Tell(T what, Namespace @namespace, Socket? socket)
    {
        var telling = _telling ??= [];
        if (telling.Contains(this)) return;
        telling.Add(this);
        foreach (var observer in _all) UserCode.Tell(observer, what, name, @namespace, socket);
        telling.Remove(this);
    }
}

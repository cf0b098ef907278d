
namespace SocketIOServer.Events;

/// <summary>Functions of the program's that look on. What they throw is logged, and changes nothing for whoever did what they see.</summary>
/// <param name="name">What they were declared with, for the log.</param>
internal sealed class Observers<T>(string name)
{
    // Those that are being told on this thread, one within the other.
    [ThreadStatic]
    private static List<Observers<T>>? _notifying;

    private readonly Lock _gate = new();
    private volatile Action<T>[] _all = [];

    public bool Any => _all.Length > 0;

    public void Add(Action<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        lock (_gate) _all = [.. _all, observer];
    }

    /// <summary>Nobody is told of what an observer does itself: one that emits for each emit would never end, and a full stack ends the process.</summary>
    /// <param name="what">What they see.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="socket">Whose doing it is, for the log; null: nobody's.</param>
    public void Notify(T what, NamespaceContext @namespace, EventSocket? socket)
    {
        var notifying = _notifying ??= [];
        if (notifying.Contains(this)) return;
        notifying.Add(this);
        foreach (var observer in _all) UserCode.Notify(observer, what, name, @namespace, socket);
        notifying.Remove(this);
    }
}

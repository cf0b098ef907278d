
namespace SocketIOServer.Events;

/// <summary>Functions of the program that observe something. Their exceptions are logged and have no effect on what they observe.</summary>
/// <param name="name">The method that they were declared with, for the log.</param>
internal sealed class Observers<T>(string name)
{
    // The observers that this thread is calling, one inside the other.
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

    /// <summary>Calls the observers. What an observer does itself is not observed: one that emits for each emit would never end, and overflow the stack.</summary>
    /// <param name="what">What has happened.</param>
    /// <param name="namespace">The namespace, for the log.</param>
    /// <param name="socket">The socket that did it, for the log; null where there is none.</param>
    public void Notify(T what, NamespaceContext @namespace, EventSocket? socket)
    {
        var notifying = _notifying ??= [];
        if (notifying.Contains(this)) return;
        notifying.Add(this);
        foreach (var observer in _all) UserCode.Notify(observer, what, name, @namespace, socket);
        notifying.Remove(this);
    }
}

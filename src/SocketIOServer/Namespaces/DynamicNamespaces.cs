using SocketIOServer.Events;

namespace SocketIOServer.Namespaces;

/// <summary>
/// Namespaces that are there as long as someone is in them. A client names them, so they are counted from its CONNECT to its leaving:
/// one that comes while the last one leaves finds either the old namespace, still whole, or a new one.
/// </summary>
internal sealed class DynamicNamespaces(SocketServer server)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);
    private volatile Family[] _families = [];

    /// <summary>The handlers that all namespaces of these names share.</summary>
    public HandlerTable Declare(Func<string, bool> admits)
    {
        var family = new Family(admits, new(server.Options.Filters));
        lock (_gate) _families = [.. _families, family];
        return family.Handlers;
    }

    public Namespace? Find(string name)
    {
        lock (_gate) return _open.GetValueOrDefault(name)?.Namespace;
    }

    public Namespace[] Open
    {
        get
        {
            lock (_gate) return [.. _open.Values.Select(entry => entry.Namespace)];
        }
    }

    /// <summary>One socket more. Null: no declaration takes this name.</summary>
    public Namespace? Enter(string name)
    {
        if (_families.Length == 0) return null;
        // The program's function runs outside the gate, for each that comes: it may change its mind.
        var family = _families.FirstOrDefault(family => UserCode.Admits(family.Admits, name, server));
        if (family is null) return null;
        lock (_gate)
        {
            if (!_open.TryGetValue(name, out var entry)) _open.Add(name, entry = new(new(server, name, family.Handlers)));
            entry.Sockets++;
            return entry.Namespace;
        }
    }

    /// <summary>One socket less; the last one takes the namespace with it.</summary>
    public void Exit(Namespace @namespace)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(@namespace.Name, out var entry) && --entry.Sockets == 0) _open.Remove(@namespace.Name);
        }
    }

    private sealed record Family(Func<string, bool> Admits, HandlerTable Handlers);

    private sealed class Entry(Namespace @namespace)
    {
        public Namespace Namespace => @namespace;

        public int Sockets { get; set; }
    }
}

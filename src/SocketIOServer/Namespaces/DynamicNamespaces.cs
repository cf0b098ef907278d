using System.Diagnostics.CodeAnalysis;
using SocketIOServer.Events;

namespace SocketIOServer.Namespaces;

/// <summary>
/// The namespaces whose names clients choose (OfAny). A namespace exists while a socket is in it; a socket that comes while the last one leaves gets either
/// the old namespace, still complete, or a new one. If the program still holds a namespace that is empty, the next socket gets that one.
/// </summary>
internal sealed class DynamicNamespaces(ServerContext server)
{
    // Up to this many empty namespaces are kept without a check whether the program still holds them.
    private const int MinEmpty = 64;

    // Metrics have one name for all of them: clients choose the names, and a metric keeps each name forever.
    private const string MetricName = "(dynamic)";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeakReference<Namespace>> _empty = new(StringComparer.Ordinal);
    private volatile Declaration[] _declarations = [];
    private int _maxEmpty = MinEmpty;

    /// <summary>Declares names by a function, and returns the handlers that all namespaces of these names share.</summary>
    /// <param name="admits">Tells whether a name is one of these.</param>
    /// <param name="created">Called with each namespace that a first client enters; null: nobody needs to know.</param>
    public HandlerTable Declare(Func<string, bool> admits, Action<ISocketNamespace>? created = null)
    {
        var declaration = new Declaration(admits, created, new(server.Filters));
        lock (_gate) _declarations = [.. _declarations, declaration];
        return declaration.Handlers;
    }

    /// <summary>The handlers of each declaration.</summary>
    public IEnumerable<HandlerTable> Declared => _declarations.Select(static each => each.Handlers);

    /// <summary>The namespaces that a socket is in.</summary>
    public Namespace[] Open
    {
        get
        {
            lock (_gate) return [.. _open.Values.Select(entry => entry.Namespace)];
        }
    }

    /// <summary>How many empty namespaces are not forgotten yet.</summary>
    public int EmptyCount
    {
        get
        {
            lock (_gate) return _empty.Count;
        }
    }

    /// <summary>The namespace of a name, empty or not. Null: no declaration takes the name.</summary>
    public Namespace? Find(string name)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var entry)) return entry.Namespace;
        }

        // The program is the caller, so it gets the exceptions of its own function.
        var declaration = _declarations.FirstOrDefault(each => each.Admits(name));
        return declaration is null ? null : FindOrMake(name, declaration, enter: false, out _);
    }

    /// <summary>The namespace of a name, for one socket more. Null: no declaration takes the name, or the adapter cannot be made.</summary>
    public Namespace? Enter(string name)
    {
        // The program's function is asked for each socket, because its answer may change, and outside the gate.
        var declaration = _declarations.FirstOrDefault(each => UserCode.Admits(each.Admits, name, server));
        if (declaration is null) return null;
        try
        {
            var entered = FindOrMake(name, declaration, enter: true, out var isCreated);
            entered.Lifetime.Use();
            if (isCreated && declaration.Created is { } created) UserCode.Notify(created, entered, "OfAny", entered.Context, null);
            return entered;
        }
        catch (Exception e)
        {
            // The program's function that makes adapters failed.
            UserCode.OnFailed(e, "UseAdapter", name, server);
            return null;
        }
    }

    /// <summary>One socket less. After the last one, only the program keeps the namespace alive, if it holds it.</summary>
    private void Exit(Namespace @namespace)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(@namespace.Name, out var entry)) return;
            if (--entry.Sockets == 0)
            {
                _open.Remove(@namespace.Name);
                Keep(@namespace);
            }
        }

        @namespace.Lifetime.Release();
    }

    private Namespace FindOrMake(string name, Declaration declaration, bool enter, out bool isCreated)
    {
        isCreated = false;
        // A new namespace is made outside the gate, because the program makes its adapter. If another thread has added one meanwhile, that one counts.
        for (Namespace? made = null; ; made = new(server, name, MetricName, declaration.Handlers, Exit))
        {
            lock (_gate)
            {
                if (!_open.TryGetValue(name, out var entry))
                {
                    if ((TryGetEmpty(name, declaration, out var held) ? held : made) is not { } found) continue;
                    if (!enter)
                    {
                        if (held is null) Keep(found);
                        return found;
                    }

                    isCreated = true;
                    _open.Add(name, entry = new(found));
                    _empty.Remove(name);
                }

                if (enter) entry.Sockets++;
                return entry.Namespace;
            }
        }
    }

    private bool TryGetEmpty(string name, Declaration declaration, [NotNullWhen(true)] out Namespace? held)
    {
        held = null;
        return _empty.TryGetValue(name, out var reference) && reference.TryGetTarget(out held) && held.Context.Handlers == declaration.Handlers;
    }

    private void Keep(Namespace @namespace)
    {
        _empty[@namespace.Name] = new(@namespace);
        if (_empty.Count <= _maxEmpty) return;
        // Clients can name any number of namespaces. The limit doubles, so a search costs each name the same on average.
        foreach (var (name, reference) in _empty)
        {
            if (!reference.TryGetTarget(out _)) _empty.Remove(name);
        }

        _maxEmpty = Math.Max(MinEmpty, 2 * _empty.Count);
    }

    private sealed record Declaration(Func<string, bool> Admits, Action<ISocketNamespace>? Created, HandlerTable Handlers);

    private sealed class Entry(Namespace @namespace)
    {
        public Namespace Namespace => @namespace;

        public int Sockets { get; set; }
    }
}

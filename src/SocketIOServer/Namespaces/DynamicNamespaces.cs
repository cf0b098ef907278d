using System.Diagnostics.CodeAnalysis;
using SocketIOServer.Events;

namespace SocketIOServer.Namespaces;

/// <summary>
/// Namespaces that have a name from a client. A socket keeps its namespace from its CONNECT to its leaving, and one that comes while the last one leaves
/// finds either the old namespace, still whole, or a new one. A program may hold a namespace that nobody is in: whoever comes then comes into that one.
/// </summary>
internal sealed class DynamicNamespaces(ServerContext server)
{
    // So many that nobody is in are not worth a look whether the program still holds them.
    private const int MinEmpty = 64;

    // In metrics all of them are one: clients choose the names, and a metric keeps each name for ever.
    private const string MetricName = "(dynamic)";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeakReference<Namespace>> _empty = new(StringComparer.Ordinal);
    private volatile Declaration[] _declarations = [];
    private int _maxEmpty = MinEmpty;

    /// <summary>The handlers that all namespaces of these names share.</summary>
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

    /// <summary>Those that somebody is in.</summary>
    public Namespace[] Open
    {
        get
        {
            lock (_gate) return [.. _open.Values.Select(entry => entry.Namespace)];
        }
    }

    /// <summary>Names that nobody is in and that are not forgotten yet.</summary>
    public int EmptyCount
    {
        get
        {
            lock (_gate) return _empty.Count;
        }
    }

    /// <summary>Of that name, whether somebody is in it or not. Null: no declaration takes the name.</summary>
    public Namespace? Find(string name)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var entry)) return entry.Namespace;
        }

        // It is the program that asks: what its function throws is its own to catch.
        var declaration = _declarations.FirstOrDefault(each => each.Admits(name));
        return declaration is null ? null : FindOrMake(name, declaration, enter: false, out _);
    }

    /// <summary>One socket more. Null: no declaration takes this name, or its adapter cannot be made.</summary>
    public Namespace? Enter(string name)
    {
        // The program's function runs outside the gate, for each that comes: it may change its mind.
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
            // The program's function that makes adapters.
            UserCode.OnFailed(e, "UseAdapter", name, server);
            return null;
        }
    }

    /// <summary>One socket less; the last one takes the namespace with it, but from a program that holds it.</summary>
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
        // Made outside the gate: the program makes its adapter. Whoever else made one meanwhile was first.
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
        // Clients may name as many as they like; looking through them costs each of them the same in the end.
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

using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// The latest entries of a log for namespaces that are not in use on this server: the first client of such a namespace may be one that has missed them. Any thread.
/// </summary>
internal sealed class UnusedEntries(int maxEntries, long maxBytes)
{
    private const int MaxNamespaces = 10_000;

    private readonly LinkedList<(EntryId Id, LogEntry Entry)> _all = [];
    private readonly Dictionary<string, Queue<LinkedListNode<(EntryId Id, LogEntry Entry)>>> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EntryId> _trimmed = new(StringComparer.Ordinal);
    private EntryId _trimmedForAll;
    private long _bytes;

    /// <summary>Guards all members. The listener holds it while it decides where an entry goes.</summary>
    public Lock Gate { get; } = new();

    public void Add(EntryId id, LogEntry entry)
    {
        if (!_byNamespace.TryGetValue(entry.Namespace, out var own)) _byNamespace[entry.Namespace] = own = [];
        own.Enqueue(_all.AddLast((id, entry)));
        _bytes += entry.Data.Length;
        while (_all.Count > maxEntries || _bytes > maxBytes) DropFirst();
    }

    /// <summary>The namespace comes into use.</summary>
    /// <param name="namespace">Its name.</param>
    /// <param name="trimmedTo">Entries of the namespace until here are not among those that are returned.</param>
    public IReadOnlyList<(EntryId Id, LogEntry Entry)> Take(string @namespace, out EntryId trimmedTo)
    {
        trimmedTo = EntryId.Later(_trimmed.GetValueOrDefault(@namespace), _trimmedForAll);
        _trimmed.Remove(@namespace);
        if (!_byNamespace.Remove(@namespace, out var own)) return [];
        foreach (var node in own)
        {
            _bytes -= node.Value.Entry.Data.Length;
            _all.Remove(node);
        }

        return [.. own.Select(static node => node.Value)];
    }

    /// <summary>The entries of the namespace until here are not kept.</summary>
    public void Trim(string @namespace, EntryId id)
    {
        if (_trimmed.Count >= MaxNamespaces)
        {
            foreach (var (_, trimmed) in _trimmed) _trimmedForAll = EntryId.Later(_trimmedForAll, trimmed);
            _trimmed.Clear();
        }

        _trimmed[@namespace] = EntryId.Later(_trimmed.GetValueOrDefault(@namespace), id);
    }

    private void DropFirst()
    {
        var (id, entry) = _all.First!.Value;
        _all.RemoveFirst();
        _bytes -= entry.Data.Length;
        var own = _byNamespace[entry.Namespace];
        own.Dequeue();
        if (own.Count == 0) _byNamespace.Remove(entry.Namespace);
        Trim(entry.Namespace, id);
    }
}

using System.Collections.Concurrent;

namespace SocketIOServer.Cluster;

/// <summary>The servers of a namespace that are none of ours, such as Node's, and when they were heard last.</summary>
/// <param name="node">The clock, and the servers that are ours.</param>
/// <param name="keep">After how much silence a server is forgotten.</param>
internal sealed class ForeignServers(ClusterNode node, TimeSpan keep)
{
    // Senders come and go for years, and a message may name any.
    private const int Max = 1000;

    private readonly ConcurrentDictionary<string, long> _heard = new(StringComparer.Ordinal);

    public bool IsEmpty => _heard.IsEmpty;

    /// <summary>A message came from a server.</summary>
    public void Note(string sender)
    {
        if (_heard.Count >= Max) _heard.Clear();
        _heard[sender] = node.Time.GetTimestamp();
    }

    /// <returns>False: it was not known.</returns>
    public bool Remove(string sender) => _heard.TryRemove(sender, out _);

    /// <summary>Forgets those that have been silent for too long, and returns them.</summary>
    public IReadOnlyList<string> Forget()
    {
        var now = node.Time.GetTimestamp();
        return [.. _heard.Where(entry => node.Time.GetElapsedTime(entry.Value, now) > keep && _heard.TryRemove(entry)).Select(static entry => entry.Key)];
    }

    /// <summary>This server has not heard anybody for a while: each of the others has its time anew.</summary>
    public void Renew()
    {
        var now = node.Time.GetTimestamp();
        foreach (var (sender, heard) in _heard) _heard.TryUpdate(sender, now, heard);
    }

    /// <summary>Those that count as there.</summary>
    public HashSet<string> Known()
    {
        Forget();
        return [.. _heard.Select(static entry => entry.Key).Where(sender => node.Members.Find(sender) is null)];
    }
}

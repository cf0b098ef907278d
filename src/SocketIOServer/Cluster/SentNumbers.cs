using System.Collections.Concurrent;

namespace SocketIOServer.Cluster;

/// <summary>
/// Numbers the messages of this server in each namespace, and tells how far they have come: a server that has not heard the last one finds out by that, not only
/// by the next message. Any thread.
/// </summary>
internal sealed class SentNumbers(Func<long> first)
{
    // Clients can name namespaces. The numbers of further ones are not told.
    private const int MaxNamespaces = 10_000;
    private const int MaxNameLength = 1000;

    // One message of the nodes has at most so many, so that it stays well below what they read.
    private const int MaxAtOnce = 400;
    private const int MaxCharacters = 6000;

    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <summary>There are namespaces whose numbers are not told.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>The counter of a namespace. It outlives the namespace's adapter, so that one that is made anew goes on with its numbers.</summary>
    public Counter Of(string @namespace)
    {
        if (_counters.TryGetValue(@namespace, out var counter)) return counter;
        if (@namespace.Length <= MaxNameLength && _counters.Count < MaxNamespaces) return _counters.GetOrAdd(@namespace, static (_, first) => new(first()), first);
        IsPartial = true;
        return new(first());
    }

    /// <summary>The latest numbers, in parts that fit into a message each. At least one part, which may be empty.</summary>
    /// <param name="whole">False: only those that were not told before.</param>
    public List<Dictionary<string, long>> Take(bool whole)
    {
        List<Dictionary<string, long>> parts = [[]];
        var characters = 0;
        foreach (var (name, counter) in _counters)
        {
            if (!counter.TryTell(whole, out var number)) continue;
            characters += name.Length;
            if (parts[^1].Count == MaxAtOnce || characters > MaxCharacters)
            {
                parts.Add([]);
                characters = name.Length;
            }

            parts[^1][name] = number;
        }

        return parts;
    }

    /// <summary>The bus has not taken these: they are told again with the next beat.</summary>
    public void PutBack(Dictionary<string, long> part)
    {
        foreach (var (name, _) in part) Of(name).Forget();
    }

    /// <summary>Counts the messages of one namespace.</summary>
    public sealed class Counter(long first)
    {
        private long _latest = first;
        private long _told = first;

        public long Next() => Interlocked.Increment(ref _latest);

        public bool TryTell(bool whole, out long number)
        {
            number = Interlocked.Read(ref _latest);
            return Interlocked.Exchange(ref _told, number) != number || whole;
        }

        public void Forget() => Interlocked.Exchange(ref _told, -1);
    }
}

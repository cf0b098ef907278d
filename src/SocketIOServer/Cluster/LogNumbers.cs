using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// The numbers of the entries that were read in a namespace, by sender. They show what is missing, and what was written twice: a sender whose connection
/// ends without an answer may write an entry again that has been written. Belongs to the log's reader.
/// </summary>
internal sealed class LogNumbers(ClusterNode node)
{
    // Senders come and go for years; one that is forgotten costs a gap or a double that is not seen.
    private const int MaxSenders = 1000;
    private const int MaxMissing = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Read> _read = new(StringComparer.Ordinal);

    /// <summary>Notes an entry. False: it was read before.</summary>
    public bool TryAdd(string sender, long number)
    {
        long lost;
        lock (_gate)
        {
            if (!_read.TryGetValue(sender, out var read) || !EventOrigin.AreOfOneLife(read.Latest, number))
            {
                if (_read.Count >= MaxSenders) _read.Clear();
                _read[sender] = new() { Latest = number };
                return true;
            }

            if (number <= read.Latest)
            {
                // Two threads of the sender took their numbers in one order and appended in the other, or the entry was written at the second attempt.
                if (!read.Missing.Remove(number)) return false;
                lost = -1;
            }
            else
            {
                lost = number - read.Latest - 1;
                if (read.Missing.Count + lost > MaxMissing) read.Missing.Clear();
                for (var missing = Math.Max(read.Latest + 1, number - MaxMissing); missing < number; missing++) read.Missing.Add(missing);
                read.Latest = number;
            }
        }

        if (lost != 0) node.OnGap(lost);
        return true;
    }

    /// <summary>The namespace goes out of use: what is read next is not compared with what was read before.</summary>
    public void Clear()
    {
        lock (_gate) _read.Clear();
    }

    private sealed class Read
    {
        public long Latest { get; set; }

        public HashSet<long> Missing { get; } = [];
    }
}

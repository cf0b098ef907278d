using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>The latest number of each sender in a namespace, which shows what was lost on the way. Belongs to the bus's reader.</summary>
internal sealed class ReceivedNumbers(ClusterNode node)
{
    // Senders come and go for years; a sender that is forgotten costs one gap that is not seen.
    private const int MaxSenders = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _latest = new(StringComparer.Ordinal);

    public void Note(string sender, long number)
    {
        long lost = 0;
        lock (_gate)
        {
            if (_latest.TryGetValue(sender, out var latest) && EventOrigin.AreOfOneLife(latest, number))
            {
                lost = number - latest - 1;
                // Two threads of the sender published at once, and the later number came first: what counted as lost was not.
                if (lost < 0)
                {
                    node.OnGap(-1);
                    return;
                }
            }

            if (_latest.Count >= MaxSenders) _latest.Clear();
            _latest[sender] = number;
        }

        if (lost > 0) node.OnGap(lost);
    }

    /// <summary>What is heard next is not compared with what was heard before.</summary>
    public void Clear()
    {
        lock (_gate) _latest.Clear();
    }
}

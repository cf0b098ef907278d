using System.Diagnostics.CodeAnalysis;
using SocketIOServer.Adapters;

namespace SocketIOServer.Cluster;

/// <summary>
/// The numbers of each sender's messages that came in one namespace, which show what was lost on the way. Messages overtake each other, so a number that is
/// missing counts as lost after two seconds. Any thread.
/// </summary>
/// <param name="node">The clock, and the metric.</param>
/// <param name="namespace">The name of the namespace.</param>
/// <param name="log">Learns that events were lost. Null: nobody needs to know.</param>
internal sealed class ReceivedNumbers(ClusterNode node, string @namespace, EventLog? log)
{
    // Senders come and go for years; a sender that is forgotten costs one gap that is not seen.
    private const int MaxSenders = 1000;

    // A thread that was stopped between taking a number and publishing is overtaken by as many messages as others send meanwhile.
    private const int MaxMissing = 4096;

    // Messages take this long at most; later ones count as lost.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Heard> _senders = new(StringComparer.Ordinal);
    private long _since;
    private volatile bool _isPending;
    private volatile bool _isVerifying;

    /// <summary>After an outage: some messages are missing, and it is not certain yet that they are lost.</summary>
    public bool IsVerifying => _isVerifying;

    /// <summary>A message came.</summary>
    public void Note(string sender, long number)
    {
        long lost;
        bool isGap;
        lock (_gate)
        {
            if (!TryFind(sender, number, out var heard))
            {
                // What it sent before this server listened, and at the beginning nobody can tell, is not missing.
                if (node.Losses.ToldSince(sender, @namespace, _since) is not { } before)
                {
                    Set(sender, number);
                    return;
                }

                heard = Set(sender, FirstOf(number, before));
            }

            lost = heard.Add(number, node.Time, out isGap);
            _isPending |= lost > 0;
        }

        if (lost != 0) node.OnGap(lost);
        if (isGap) log?.NoteGap();
    }

    /// <summary>A sender tells how far its numbers have come.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="number">Its latest number.</param>
    /// <param name="before">What it had told before.</param>
    /// <param name="isFirst">It is the first time since this server hears it, again or at all: what it has sent meanwhile is lost.</param>
    /// <param name="at">When it had told that.</param>
    public void Expect(string sender, long number, long before, bool isFirst, long at)
    {
        var isGap = false;
        lock (_gate)
        {
            if (!TryFind(sender, number, out var heard))
            {
                isGap = isFirst && number > before;
                if (!node.Wire.HearsAll) heard = null;
                else heard = Set(sender, isFirst || at <= _since ? number : FirstOf(number, before));
            }

            if (heard is not null)
            {
                heard.Expect(number, node.Time.GetTimestamp());
                _isPending |= heard.IsPending;
                _isVerifying |= isFirst && heard.IsPending;
            }
        }

        if (isGap) log?.NoteGap();
    }

    /// <summary>With each beat: what is missing for too long is lost.</summary>
    public void Check()
    {
        if (!_isPending) return;
        var isGap = false;
        long lost = 0;
        lock (_gate)
        {
            var isPending = false;
            foreach (var (_, heard) in _senders)
            {
                isGap |= heard.HasLost(node.Time, OnTheWay, ref lost);
                isPending |= heard.IsPending;
            }

            _isPending = isPending;
            _isVerifying &= isPending;
        }

        if (lost > 0) node.OnGap(lost);
        if (isGap) log?.NoteGap();
    }

    /// <summary>The namespace comes into use: what is heard next is not compared with what was heard before.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _since = node.Time.GetTimestamp();
            _senders.Clear();
            _isPending = _isVerifying = false;
        }
    }

    private bool TryFind(string sender, long number, [NotNullWhen(true)] out Heard? heard) =>
        _senders.TryGetValue(sender, out heard) && EventOrigin.AreOfOneLife(heard.Latest, number);

    private Heard Set(string sender, long number)
    {
        if (_senders.Count >= MaxSenders) _senders.Clear();
        return _senders[sender] = new(number);
    }

    // What it had told before, or where its numbers begin.
    private static long FirstOf(long number, long before) => EventOrigin.AreOfOneLife(number, before) ? before : number >> EventOrigin.NumberBits << EventOrigin.NumberBits;

    private sealed class Heard(long latest)
    {
        private readonly HashSet<long> _missing = [];
        private readonly Queue<(long Number, long Since)> _byTime = new();
        private long _told;
        private long _toldAt;

        public long Latest { get; private set; } = latest;

        public bool IsPending => _missing.Count > 0 || _told > Latest;

        /// <returns>How many are missing now that were not before; -1: one is no longer missing.</returns>
        public long Add(long number, TimeProvider time, out bool isGap)
        {
            isGap = false;
            // Two threads of the sender published at once, and the later number came first: what counted as missing was not lost.
            if (number <= Latest) return _missing.Remove(number) ? -1 : 0;
            var missing = number - Latest - 1;
            if (missing > 0)
            {
                isGap = missing + _missing.Count > MaxMissing;
                var since = time.GetTimestamp();
                for (var one = isGap ? number : Latest + 1; one < number; one++)
                {
                    _missing.Add(one);
                    _byTime.Enqueue((one, since));
                }
            }

            Latest = number;
            return missing;
        }

        // One at a time: where messages go on to come, there would be no end to it.
        public void Expect(long number, long now)
        {
            if (_told <= Latest && number > Latest) (_told, _toldAt) = (number, now);
        }

        public bool HasLost(TimeProvider time, TimeSpan after, ref long lost)
        {
            var now = time.GetTimestamp();
            var isLost = false;
            while (_byTime.TryPeek(out var oldest) && (!_missing.Contains(oldest.Number) || time.GetElapsedTime(oldest.Since, now) >= after))
            {
                _byTime.Dequeue();
                isLost |= _missing.Remove(oldest.Number);
            }

            if (_told <= Latest || time.GetElapsedTime(_toldAt, now) < after) return isLost;
            lost += _told - Latest;
            Latest = _told;
            return true;
        }
    }
}

using SocketIOServer.Adapters;
using SocketIOServer.Soak.Clients;

namespace SocketIOServer.Soak.Recovery;

/// <summary>What one client has had of each emitter: the numbers of each must come one after the other, and offsets must rise.</summary>
internal sealed class Ledger
{
    // The part of an offset of ours that names the log.
    private const int EpochLength = 6;

    private readonly Dictionary<string, int> _next = [];

    // The emitters that were heard since the client has come back.
    private readonly HashSet<string> _heard = [];
    private string? _offset;
    private bool _beginsAnywhere;

    public int Events { get; private set; }

    public int Gaps { get; private set; }

    /// <summary>Those before the first event of an emitter since the client has its session back. Others are events that did not reach a client that was connected.</summary>
    public int GapsOfReturns { get; private set; }

    public int Doubles { get; private set; }

    /// <summary>Offsets that were before the one before in the same log or stream. While a stream does not answer, events have the offset of the last one.</summary>
    public int Fallen { get; private set; }

    public void Add(in NumberedEvent next)
    {
        Events++;
        var due = _next.GetValueOrDefault(next.Source, _beginsAnywhere ? next.Number : 0);
        var missing = Math.Max(0, next.Number - due);
        Gaps += missing;
        if (_heard.Add(next.Source)) GapsOfReturns += missing;
        if (next.Number < due) Doubles++;
        else _next[next.Source] = next.Number + 1;
        if (next.Offset is not null && _offset is not null && !IsBehind(next.Offset, _offset)) Fallen++;
        _offset = next.Offset ?? _offset;
    }

    /// <summary>The number that comes next.</summary>
    public int Of(string source) => _next.GetValueOrDefault(source);

    /// <summary>Whether it has the events of an emitter until a number, or has been told that it may have missed some.</summary>
    public bool HasUntil(string source, int count) => _next.GetValueOrDefault(source, _beginsAnywhere ? count : 0) >= count;

    /// <summary>The client has its session back.</summary>
    public void Return() => _heard.Clear();

    /// <summary>The client has its session back from a server that does not know what it has, so it gets what follows the offset that it named.</summary>
    /// <param name="source">The emitter.</param>
    /// <param name="number">What it gets next of this emitter.</param>
    /// <returns>How many events it will never get, or how many it gets again if the number is negative.</returns>
    public int ContinueAt(string source, int number)
    {
        var lost = _next.TryGetValue(source, out var due) || !_beginsAnywhere ? number - due : 0;
        _next[source] = number;
        return lost;
    }

    /// <summary>Nothing more comes of an emitter than until a number.</summary>
    public void End(string source, int count)
    {
        if (HasUntil(source, count)) return;
        Gaps += count - Of(source);
        _next[source] = count;
    }

    /// <summary>The client has begun a new session: what was sent before does not come any more.</summary>
    public void Begin()
    {
        _next.Clear();
        (_offset, _beginsAnywhere) = (null, true);
    }

    public override string ToString() => $"{Gaps} gaps ({GapsOfReturns} at returns), {Doubles} doubles, {Fallen} offsets that fell";

    private static bool IsBehind(string next, string before)
    {
        // Ids of a stream. Ours may have dashes too, but are not numbers around one.
        if (EntryId.TryParse(next, out var id) && EntryId.TryParse(before, out var idBefore)) return id >= idBefore;
        // Of another log: the client has come to another server.
        return next.Length != before.Length || !next.AsSpan(0, EpochLength).SequenceEqual(before.AsSpan(0, EpochLength)) || string.CompareOrdinal(next, before) > 0;
    }
}

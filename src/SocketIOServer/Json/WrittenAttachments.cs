namespace SocketIOServer.Json;

/// <summary>The binary of a packet that is being written. Memory that stands in it several times travels once.</summary>
internal sealed class WrittenAttachments
{
    // So many are compared with what comes: a packet has few, and one array that stands in it often is among the first.
    private const int MaxCompared = 64;

    private readonly List<ReadOnlyMemory<byte>> _sources = [];
    private readonly List<byte[]> _copies = [];

    public int Count => _copies.Count;

    /// <summary>How many stand in the JSON: each of them may do so several times.</summary>
    public int Placeholders { get; private set; }

    /// <summary>Returns the number that the placeholder names.</summary>
    public int Add(ReadOnlyMemory<byte> bytes)
    {
        Placeholders++;
        // Equal means the same memory, not the same bytes.
        var known = _sources.IndexOf(bytes);
        if (known >= 0) return known;
        if (_sources.Count < MaxCompared) _sources.Add(bytes);
        // A copy: the caller may change its array once the call has returned.
        _copies.Add(bytes.ToArray());
        return _copies.Count - 1;
    }

    public byte[][] ToArray() => [.. _copies];

    public void Clear()
    {
        _sources.Clear();
        _copies.Clear();
        Placeholders = 0;
    }
}

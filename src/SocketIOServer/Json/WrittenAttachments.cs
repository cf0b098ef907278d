namespace SocketIOServer.Json;

/// <summary>The binary of a packet that is written. Memory that occurs several times is sent once.</summary>
internal sealed class WrittenAttachments
{
    // Only so many are compared: a packet has few, and an array that occurs often is among the first.
    private const int MaxCompared = 64;

    private readonly List<ReadOnlyMemory<byte>> _sources = [];
    private readonly List<byte[]> _copies = [];

    public int Count => _copies.Count;

    /// <summary>The number of attachments. Each may occur several times in the JSON.</summary>
    public int Placeholders { get; private set; }

    /// <summary>Returns the number for the placeholder.</summary>
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

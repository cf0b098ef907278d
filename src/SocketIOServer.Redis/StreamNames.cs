using System.Globalization;

namespace SocketIOServer.Redis;

/// <summary>
/// The keys of the streams and which one a namespace has, by the formula of @socket.io/redis-streams-adapter. Its hash may be negative, and so may the number in
/// a key be, such as "socket.io--3". Node's servers write to such a stream and none of them reads it; ours read it too.
/// </summary>
internal sealed class StreamNames
{
    private readonly int _count;

    // By their numbers, and behind those the negative ones: -1, -2 and so on.
    private readonly string[] _keys;

    public StreamNames(string name, int count)
    {
        _count = count;
        _keys = count == 1 ? [name] : [.. Enumerable.Range(0, count).Select(KeyOf), .. Enumerable.Range(1, count - 1).Select(index => KeyOf(-index))];

        string KeyOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{name}-{index}");
    }

    public IReadOnlyList<string> All => _keys;

    public string Of(string @namespace)
    {
        var number = NumberOf(@namespace);
        return _keys[number >= 0 ? number : _count - 1 - number];
    }

    /// <summary>Whether servers of Node read the stream of a namespace.</summary>
    public bool IsReadByNode(string @namespace) => NumberOf(@namespace) >= 0;

    private int NumberOf(string @namespace) => _count == 1 ? 0 : Hash(@namespace) % _count;

    // hashCode of the reference's util.js: 32 bits, over UTF-16 units.
    private static int Hash(string text)
    {
        var hash = 0;
        foreach (var unit in text) hash = unchecked(hash * 31 + unit);
        return hash;
    }
}

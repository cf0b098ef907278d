namespace SocketIOServer.Protocol.Tests.Fuzz;

/// <summary>Changes good inputs a little, again and again: the same ones for the same seed.</summary>
internal sealed class Mutator(byte[][] corpus, int seed)
{
    private const int MaxLength = 4096;

    // What the grammars turn on.
    private static readonly byte[] Marks = [.. "0123456789-+.,:;/\"\\{}[]ubetfnE= \t\r\n"u8, 0x00, 0x1e, 0x7f, 0x80, 0x81, 0x92, 0xbf, 0xc0, 0xc1, 0xc4, 0xd9, 0xdc, 0xdd, 0xde, 0xdf, 0xed, 0xfe, 0xff];

    private readonly Random _random = new(seed);
    private readonly byte[] _bytes = new byte[2 * MaxLength];
    private int _length;

    /// <summary>The next input. It lasts until the one after it.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        var start = corpus[_random.Next(corpus.Length)];
        _length = Math.Min(start.Length, MaxLength);
        start.AsSpan(0, _length).CopyTo(_bytes);
        for (var changes = _random.Next(1, 5); changes > 0; changes--) Change();
        return _bytes.AsMemory(0, _length);
    }

    public int Below(int count) => _random.Next(count);

    private void Change()
    {
        var at = _random.Next(_length + 1);
        switch (_random.Next(8))
        {
            case 0 when at < _length:
                _bytes[at] = (byte)_random.Next(256);
                break;
            case 1 when at < _length:
                _bytes[at] = Marks[_random.Next(Marks.Length)];
                break;
            case 2 when at < _length:
                _bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 3:
                Insert(at, [Marks[_random.Next(Marks.Length)]]);
                break;
            case 4:
                Remove(at, _random.Next(1, 8));
                break;
            case 5:
                // A piece of itself once more.
                var from = _random.Next(_length + 1);
                Insert(at, _bytes.AsSpan(from, Math.Min(_random.Next(1, 24), _length - from)).ToArray());
                break;
            case 6:
                // A piece of another.
                var other = corpus[_random.Next(corpus.Length)];
                var begin = _random.Next(other.Length + 1);
                Insert(at, other.AsSpan(begin, Math.Min(_random.Next(1, 24), other.Length - begin)));
                break;
            default:
                _length = at;
                break;
        }
    }

    private void Insert(int at, ReadOnlySpan<byte> piece)
    {
        if (_length + piece.Length > MaxLength) return;
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + piece.Length));
        piece.CopyTo(_bytes.AsSpan(at));
        _length += piece.Length;
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, _length - at);
        _bytes.AsSpan(at + count, _length - at - count).CopyTo(_bytes.AsSpan(at));
        _length -= count;
    }
}

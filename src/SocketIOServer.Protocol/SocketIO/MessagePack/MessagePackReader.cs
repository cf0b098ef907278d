using System.Buffers.Binary;

namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// Reads MessagePack value by value, with the extensions of notepack.io 2. A length that exceeds the remaining bytes is refused before memory is allocated for
/// it.
/// </summary>
internal ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The position after the last value.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _bytes.Length;

    public MessagePackKind Kind { get; private set; }

    /// <summary>The value of an integer, or the milliseconds of a date.</summary>
    public long Integer { get; private set; }

    public readonly ulong Unsigned => (ulong)Integer;

    public double Float { get; private set; }

    /// <summary>The number of elements of an array, or of pairs of a map. It never exceeds the number of remaining bytes.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of a text, which might not be valid UTF-8, or of binary data.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    private readonly int Left => _bytes.Length - Position;

    /// <summary>Returns true if the next value has this encoding.</summary>
    public readonly bool IsNext(ReadOnlySpan<byte> encoded) => _bytes[Position..].StartsWith(encoded);

    /// <summary>Reads a scalar value, or the header of an array or map. Returns false if the bytes are not a known value.</summary>
    public bool TryRead()
    {
        if (IsAtEnd) return false;
        var head = _bytes[Position++];
        switch (head)
        {
            case <= 0x7f:
                return SetInteger(head);
            case <= 0x8f:
                return TryCount(MessagePackKind.Map, head & 0x0fu);
            case <= 0x9f:
                return TryCount(MessagePackKind.Array, head & 0x0fu);
            case <= 0xbf:
                return TryTake(MessagePackKind.Text, head & 0x1fu);
            case >= 0xe0:
                return SetInteger((sbyte)head);
            case 0xc0:
                return Set(MessagePackKind.Nil);
            case 0xc2:
                return Set(MessagePackKind.False);
            case 0xc3:
                return Set(MessagePackKind.True);
            case >= 0xc4 and <= 0xc6:
                return TryTakeNumber(1 << (head - 0xc4), out var binaryLength) && TryTake(MessagePackKind.Binary, binaryLength);
            case >= 0xc7 and <= 0xc9:
                return TryTakeNumber(1 << (head - 0xc7), out var extensionLength) && IsTypeZero() && TryTake(MessagePackKind.Binary, extensionLength);
            case 0xca:
                return TryTakeNumber(4, out var single) && SetFloat(BitConverter.UInt32BitsToSingle((uint)single));
            case 0xcb:
                return TryTakeNumber(8, out var twice) && SetFloat(BitConverter.UInt64BitsToDouble(twice));
            case >= 0xcc and <= 0xcf:
                return TryTakeNumber(1 << (head - 0xcc), out var unsigned) && SetInteger((long)unsigned, unsigned > long.MaxValue);
            case >= 0xd0 and <= 0xd3:
                var size = 1 << (head - 0xd0);
                var spare = 64 - 8 * size;
                return TryTakeNumber(size, out var signed) && SetInteger((long)(signed << spare) >> spare);
            case 0xd4:
                return IsTypeZero() && TryTakeNumber(1, out var zero) && zero == 0 && Set(MessagePackKind.Undefined);
            case 0xd7:
                return IsTypeZero() && TryTakeNumber(8, out var milliseconds) && SetInteger((long)milliseconds) && Set(MessagePackKind.Date);
            case >= 0xd9 and <= 0xdb:
                return TryTakeNumber(1 << (head - 0xd9), out var textLength) && TryTake(MessagePackKind.Text, textLength);
            case 0xdc or 0xdd:
                return TryTakeNumber(2 << (head - 0xdc), out var elements) && TryCount(MessagePackKind.Array, elements);
            case 0xde or 0xdf:
                return TryTakeNumber(2 << (head - 0xde), out var pairs) && TryCount(MessagePackKind.Map, pairs);
            default:
                return false;
        }
    }

    /// <summary>Skips a value with all values inside it. It counts and does not recurse, so any depth is possible.</summary>
    public bool TrySkip()
    {
        for (var open = 1L; open > 0; open--)
        {
            if (!TryRead()) return false;
            if (Kind == MessagePackKind.Array) open += Count;
            if (Kind == MessagePackKind.Map) open += 2L * Count;
        }

        return true;
    }

    private bool Set(MessagePackKind kind)
    {
        Kind = kind;
        return true;
    }

    private bool SetInteger(long value, bool isAboveRange = false)
    {
        Integer = value;
        return Set(isAboveRange ? MessagePackKind.Unsigned : MessagePackKind.Integer);
    }

    private bool SetFloat(double value)
    {
        Float = value;
        return Set(MessagePackKind.Float);
    }

    private bool TryTake(MessagePackKind kind, ulong length)
    {
        if (length > (ulong)Left) return false;
        Bytes = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return Set(kind);
    }

    // Each element of an array or map needs at least one byte.
    private bool TryCount(MessagePackKind kind, ulong count)
    {
        if ((kind == MessagePackKind.Map ? 2 * count : count) > (ulong)Left) return false;
        Count = (int)count;
        return Set(kind);
    }

    // Reads a big-endian number of 1, 2, 4 or 8 bytes.
    private bool TryTakeNumber(int size, out ulong value)
    {
        value = 0;
        if (size > Left) return false;
        var number = _bytes.Slice(Position, size);
        Position += size;
        value = size switch
        {
            1 => number[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(number),
            4 => BinaryPrimitives.ReadUInt32BigEndian(number),
            _ => BinaryPrimitives.ReadUInt64BigEndian(number),
        };
        return true;
    }

    // notepack.io 2 has no other extensions.
    private bool IsTypeZero() => TryTakeNumber(1, out var type) && type == 0;
}

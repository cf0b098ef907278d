using System.Buffers;
using System.Buffers.Binary;

namespace SocketIOServer.EngineIO.Transports.WebSockets;

/// <summary>The opcodes of frames (RFC 6455, section 5.2).</summary>
internal enum Opcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}

/// <summary>The result of reading a header.</summary>
internal enum HeaderResult
{
    Incomplete,
    Invalid,
    Complete,
}

/// <summary>
/// The header of a client's frame (RFC 6455, section 5.2): <c>FIN RSV1-3 opcode | MASK length | extended length | key</c>. Clients always mask frames.
/// </summary>
internal readonly struct FrameHeader
{
    /// <summary>Two bytes, eight bytes of an extended length, and four bytes of the key.</summary>
    public const int MaxBytes = 14;

    private const int MaxControlPayload = 125;

    public bool IsFinal { get; private init; }

    public bool IsCompressed { get; private init; }

    public Opcode Opcode { get; private init; }

    public long Length { get; private init; }

    /// <summary>The masking key. Its four bytes are in the order of the wire.</summary>
    public uint Key { get; private init; }

    /// <summary>The size of the header in bytes.</summary>
    public int Size { get; private init; }

    public bool IsControl => Opcode >= Opcode.Close;

    public static HeaderResult TryRead(in ReadOnlySequence<byte> buffer, bool allowsCompression, out FrameHeader header)
    {
        if (buffer.FirstSpan.Length >= MaxBytes) return TryRead(buffer.FirstSpan, allowsCompression, out header);
        Span<byte> start = stackalloc byte[MaxBytes];
        var length = (int)Math.Min(buffer.Length, MaxBytes);
        buffer.Slice(0, length).CopyTo(start);
        return TryRead(start[..length], allowsCompression, out header);
    }

    private static HeaderResult TryRead(ReadOnlySpan<byte> bytes, bool allowsCompression, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < 2) return HeaderResult.Incomplete;
        var (first, second) = (bytes[0], bytes[1]);
        var opcode = (Opcode)(first & 0x0f);
        var isFinal = (first & 0x80) != 0;
        var isCompressed = (first & 0x40) != 0;
        long length = second & 0x7f;
        // Reserved bits, reserved opcodes, a frame without a mask, or a control frame that is fragmented or too long.
        if ((first & 0x30) != 0 || (second & 0x80) == 0 || opcode is > Opcode.Binary and < Opcode.Close or > Opcode.Pong) return HeaderResult.Invalid;
        if (isCompressed && !(allowsCompression && opcode is Opcode.Text or Opcode.Binary)) return HeaderResult.Invalid;
        if (opcode >= Opcode.Close && (!isFinal || length > MaxControlPayload)) return HeaderResult.Invalid;
        var extra = length switch { 126 => 2, 127 => 8, _ => 0 };
        if (bytes.Length < 6 + extra) return HeaderResult.Incomplete;
        if (extra == 2) length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (extra == 8) length = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        // "The minimal number of bytes MUST be used", and the most significant bit must be 0.
        if (extra == 2 && length < 126 || extra == 8 && length <= ushort.MaxValue) return HeaderResult.Invalid;

        header = new()
        {
            IsFinal = isFinal,
            IsCompressed = isCompressed,
            Opcode = opcode,
            Length = length,
            Key = BitConverter.ToUInt32(bytes[(2 + extra)..]),
            Size = 6 + extra,
        };
        return HeaderResult.Complete;
    }
}

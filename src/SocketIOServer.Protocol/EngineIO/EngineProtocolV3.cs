using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>Engine.IO 3: clients 1.x and 2.x.</summary>
internal sealed class EngineProtocolV3 : EngineProtocol
{
    // No body is so long that its length needs more digits. More digits are an attack on the parser.
    private const int MaxLengthDigits = 9;
    private const byte TextKind = 0;
    private const byte BinaryKind = 1;
    private const byte EndOfLength = 0xff;
    private const byte MessageType = (byte)EnginePacketType.Message;

    public override string Name => "engine.io/3";

    public override bool ServerPings => false;

    public override bool IsLegacy => true;

    public override bool ListensLate => true;

    // Clients 1.0 to 1.3 send t=<13 digits of ms>-<n>. In a browser they can read only octet-stream responses, unless b64=1.
    public override ClientEncoding DescribeClient(bool base64, ReadOnlySpan<char> cacheBuster)
    {
        var dash = cacheBuster.IndexOf('-');
        var isOldest = dash >= 12
            && cacheBuster[..dash].IndexOfAnyExceptInRange('0', '9') < 0
            && dash + 1 < cacheBuster.Length
            && cacheBuster[(dash + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
        return new(base64, base64 ? PayloadForm.Text : isOldest ? PayloadForm.Binary : PayloadForm.Either);
    }

    public override bool TryReadPayload(ref ReadOnlyMemory<byte> body, bool isBinaryBody, ClientEncoding encoding, out EnginePacket packet) =>
        isBinaryBody ? TryReadBinaryForm(ref body, out packet) : TryReadTextForm(ref body, encoding, out packet);

    public override bool WritePayload(ReadOnlySpan<OutgoingMessage> batch, PayloadForm form, IBufferWriter<byte> output)
    {
        var isBinary = form == PayloadForm.Binary || form == PayloadForm.Either && NeedsBinaryForm(batch);
        foreach (var message in batch)
        {
            for (var i = 0; i < message.Count; i++)
            {
                if (isBinary) WriteBinaryForm(message[i], output);
                else WriteTextForm(message, i, output);
            }
        }

        return isBinary;
    }

    public override bool TryReadFrame(ReadOnlyMemory<byte> frame, bool isBinary, out EnginePacket packet)
    {
        if (!isBinary) return TryReadTextOrBase64(frame, out packet);
        packet = default;
        if (frame.IsEmpty || frame.Span[0] != MessageType) return false;
        packet = new(EnginePacketType.Message, frame[1..], isBinary: true);
        return true;
    }

    public override ReadOnlyMemory<byte> Frame(in OutgoingPacket packet, bool base64, ArrayBufferWriter<byte> scratch, out bool isBinary)
    {
        isBinary = packet.IsBinary && !base64;
        if (!packet.IsBinary) return packet.Bytes;
        scratch.ResetWrittenCount();
        if (base64)
        {
            scratch.Write("b4"u8);
            WriteBase64(packet.Bytes, scratch);
        }
        else
        {
            scratch.Write([MessageType]);
            scratch.Write(packet.Bytes);
        }

        return scratch.WrittenMemory;
    }

    // <length in UTF-16 units>:<packet>; engine.io-protocol v3, "Payload".
    private static bool TryReadTextForm(ref ReadOnlyMemory<byte> body, ClientEncoding encoding, out EnginePacket packet)
    {
        packet = default;
        var span = body.Span;
        var colon = span[..Math.Min(span.Length, MaxLengthDigits + 1)].IndexOf((byte)':');
        if (colon <= 0 || !TryReadDecimal(span[..colon], (byte)'0', out var units)) return false;
        span = span[(colon + 1)..];
        if (units == 0 || !TryMeasure(span, units, out var length)) return false;

        var text = body.Slice(colon + 1, length);
        body = body[(colon + 1 + length)..];
        if (!encoding.IsPlainText)
        {
            if (DoubleUtf8.TryDecode(text.Span, out var decoded, out var isPlain)) text = decoded;
            encoding.IsPlainText = isPlain;
        }

        return TryReadTextOrBase64(text, out packet);
    }

    // 00 (text) | 01 (binary), the decimal digits of the length in bytes as bytes 0 to 9, ff, the packet.
    private static bool TryReadBinaryForm(ref ReadOnlyMemory<byte> body, out EnginePacket packet)
    {
        packet = default;
        var span = body.Span;
        if (span.Length < 3 || span[0] > BinaryKind) return false;
        var isText = span[0] == TextKind;
        var end = span[1..Math.Min(span.Length, MaxLengthDigits + 2)].IndexOf(EndOfLength);
        if (end <= 0 || !TryReadDecimal(span.Slice(1, end), 0, out var length)) return false;
        var start = end + 2;
        if (length == 0 || length > span.Length - start) return false;

        var content = body.Slice(start, length);
        body = body[(start + length)..];
        if (isText) return Utf8.IsValid(content.Span) && TryReadText(content, out packet);
        if (content.Span[0] != MessageType) return false;
        packet = new(EnginePacketType.Message, content[1..], isBinary: true);
        return true;
    }

    private static bool TryReadDecimal(ReadOnlySpan<byte> digits, byte zero, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            var number = digit - zero;
            if (number is < 0 or > 9) return false;
            value = value * 10 + number;
        }

        return digits.Length <= MaxLengthDigits;
    }

    // Returns how many bytes contain that many UTF-16 units. Each unit needs at least a byte, so a length beyond the end is detected at once.
    private static bool TryMeasure(ReadOnlySpan<byte> utf8, int units, out int bytes)
    {
        bytes = units;
        if (units > utf8.Length) return false;
        if (Ascii.IsValid(utf8[..units])) return true;

        bytes = 0;
        while (units > 0)
        {
            if (bytes == utf8.Length) return false;
            Rune.DecodeFromUtf8(utf8[bytes..], out var rune, out var used);
            bytes += used;
            units -= rune.Utf16SequenceLength;
        }

        return units == 0;
    }

    private static bool TryReadTextOrBase64(ReadOnlyMemory<byte> text, out EnginePacket packet)
    {
        // b<type><base64>; only messages can be binary.
        if (text.IsEmpty || text.Span[0] != 'b') return TryReadText(text, out packet);
        packet = default;
        return text.Length > 1 && text.Span[1] == '4' && TryReadBase64(text.Span[2..], out packet);
    }

    private static bool NeedsBinaryForm(ReadOnlySpan<OutgoingMessage> batch)
    {
        foreach (var message in batch)
        {
            if (message.Count > 1 || message.Head.IsBinary || message.AsciiHead() is null) return true;
        }

        return false;
    }

    // Written in ASCII if possible. Client 1.x encodes twice what client 2.x encodes once, and only ASCII is the same for both.
    private static void WriteTextForm(OutgoingMessage message, int index, IBufferWriter<byte> output)
    {
        var packet = message[index];
        if (packet.IsBinary)
        {
            WriteDecimal(2 + Base64.GetMaxEncodedToUtf8Length(packet.Bytes.Length), output);
            output.Write(":b4"u8);
            WriteBase64(packet.Bytes, output);
            return;
        }

        var ascii = message.AsciiHead();
        WriteDecimal(ascii?.Length ?? Encoding.UTF8.GetCharCount(packet.Bytes), output);
        output.Write(":"u8);
        output.Write(ascii ?? packet.Bytes);
    }

    private static void WriteBinaryForm(in OutgoingPacket packet, IBufferWriter<byte> output)
    {
        output.Write([packet.IsBinary ? BinaryKind : TextKind]);
        var digits = output.GetSpan(MaxLengthDigits + 1);
        Utf8Formatter.TryFormat(packet.Bytes.Length + (packet.IsBinary ? 1 : 0), digits, out var count);
        for (var i = 0; i < count; i++) digits[i] -= (byte)'0';
        output.Advance(count);
        output.Write([EndOfLength]);
        if (packet.IsBinary) output.Write([MessageType]);
        output.Write(packet.Bytes);
    }

    private static void WriteDecimal(int value, IBufferWriter<byte> output)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(MaxLengthDigits + 1), out var count);
        output.Advance(count);
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// Writes a client's MessagePack as JSON, with binary data as attachments. Values that JSON cannot express become what JSON.stringify would write. Apart from
/// placeholders, the JSON is at most six times as long as the MessagePack (for a text of control characters).
/// </summary>
internal ref struct JsonTranscoder(MessagePackReader reader, PacketLimits limits, ByteScratch output)
{
    // The range of DateTime. A date of JavaScript can be outside it.
    private const long MinDate = -62_135_596_800_000;
    private const long MaxDate = 253_402_300_799_999;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private MessagePackReader _reader = reader;
    private List<ReadOnlyMemory<byte>>? _attachments;
    private bool _hasForgery;

    /// <summary>The reason why the value could not be written.</summary>
    public PacketFault Fault { get; private set; }

    /// <summary>Nothing is left behind what was written.</summary>
    public readonly bool IsAtEnd => _reader.IsAtEnd;

    /// <summary>The attachments in the order of their placeholders. Each is an array of its own.</summary>
    public readonly IReadOnlyList<ReadOnlyMemory<byte>>? Attachments => _attachments;

    /// <summary>
    /// Writes one value. Returns false if it is invalid or exceeds the limits, or if a packet with binary data has an object that looks like a placeholder,
    /// because the two could not be distinguished.
    /// </summary>
    public bool TryWrite() => TryWriteValue(limits.MaxJsonDepth) && !(_hasForgery && _attachments is not null);

    private bool TryWriteValue(int depth)
    {
        if (!_reader.TryRead()) return false;
        switch (_reader.Kind)
        {
            case MessagePackKind.False:
                output.Write("false"u8);
                return true;
            case MessagePackKind.True:
                output.Write("true"u8);
                return true;
            case MessagePackKind.Integer:
                Utf8Formatter.TryFormat(_reader.Integer, output.GetSpan(20), out var digits);
                output.Advance(digits);
                return true;
            case MessagePackKind.Unsigned:
                Utf8Formatter.TryFormat(_reader.Unsigned, output.GetSpan(20), out var manyDigits);
                output.Advance(manyDigits);
                return true;
            case MessagePackKind.Float:
                WriteFloat(_reader.Float);
                return true;
            case MessagePackKind.Date:
                WriteDate(_reader.Integer);
                return true;
            case MessagePackKind.Text:
                return TryWriteText(_reader.Bytes);
            case MessagePackKind.Binary:
                return TryWriteBinary(_reader.Bytes);
            case MessagePackKind.Array:
                return IsWithin(depth) && TryWriteArray(_reader.Count, depth - 1);
            case MessagePackKind.Map:
                return IsWithin(depth) && TryWriteMap(_reader.Count, depth - 1);
            default:
                output.Write("null"u8);
                return true;
        }
    }

    private bool IsWithin(int depth)
    {
        if (depth > 0 && RuntimeHelpers.TryEnsureSufficientExecutionStack()) return true;
        Fault = PacketFault.JsonDepth;
        return false;
    }

    private bool TryWriteArray(int count, int depth)
    {
        output.Write((byte)'[');
        for (var i = 0; i < count; i++)
        {
            if (i > 0) output.Write((byte)',');
            if (!TryWriteValue(depth)) return false;
        }

        output.Write((byte)']');
        return true;
    }

    private bool TryWriteMap(int count, int depth)
    {
        output.Write((byte)'{');
        var isFirst = true;
        for (; count > 0; count--)
        {
            if (!_reader.TryRead() || _reader.Kind != MessagePackKind.Text) return false;
            var key = _reader.Bytes;
            // An undefined member is omitted, and an undefined element of an array is null, as in JSON.stringify.
            if (_reader.IsNext([0xd4, 0, 0]))
            {
                _reader.TryRead();
                continue;
            }

            if (key.SequenceEqual("_placeholder"u8) && _reader.IsNext([0xc3])) _hasForgery = true;
            if (!isFirst) output.Write((byte)',');
            isFirst = false;
            if (!TryWriteText(key)) return false;
            output.Write((byte)':');
            if (!TryWriteValue(depth)) return false;
        }

        output.Write((byte)'}');
        return true;
    }

    private readonly bool TryWriteText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) return false;
        output.Write((byte)'"');
        while (true)
        {
            var plain = text.IndexOfAny(Escaped);
            output.Write(plain < 0 ? text : text[..plain]);
            if (plain < 0) break;
            WriteEscape(text[plain]);
            text = text[(plain + 1)..];
        }

        output.Write((byte)'"');
        return true;
    }

    private readonly void WriteEscape(byte code)
    {
        if (code is (byte)'"' or (byte)'\\')
        {
            output.Write((byte)'\\');
            output.Write(code);
            return;
        }

        output.Write("\\u00"u8);
        Utf8Formatter.TryFormat(code, output.GetSpan(2), out _, new StandardFormat('x', 2));
        output.Advance(2);
    }

    private bool TryWriteBinary(ReadOnlySpan<byte> bytes)
    {
        _attachments ??= [];
        if (_attachments.Count == limits.MaxAttachments)
        {
            Fault = PacketFault.Attachments;
            return false;
        }

        output.Write("{\"_placeholder\":true,\"num\":"u8);
        Utf8Formatter.TryFormat(_attachments.Count, output.GetSpan(10), out var digits);
        output.Advance(digits);
        output.Write((byte)'}');
        _attachments.Add(bytes.ToArray());
        return true;
    }

    private readonly void WriteFloat(double value)
    {
        if (!double.IsFinite(value))
        {
            output.Write("null"u8);
            return;
        }

        value.TryFormat(output.GetSpan(32), out var length, default, CultureInfo.InvariantCulture);
        output.Advance(length);
    }

    private readonly void WriteDate(long milliseconds)
    {
        if (milliseconds is < MinDate or > MaxDate)
        {
            output.Write("null"u8);
            return;
        }

        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            .TryFormat(output.GetSpan(32), out var length, "\\\"yyyy-MM-ddTHH:mm:ss.fffZ\\\"", CultureInfo.InvariantCulture);
        output.Advance(length);
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// Writes JSON as MessagePack that notepack.io 2 can read. Placeholders become the attachments that they refer to. Whole numbers become the shortest integer,
/// and other numbers a float64.
/// </summary>
internal readonly ref struct MessagePackTranscoder(ReadOnlySpan<byte[]> attachments, ByteScratch output)
{
    private readonly ReadOnlySpan<byte[]> _attachments = attachments;

    /// <exception cref="JsonException">The text is not JSON, which is the fault of a converter.</exception>
    public void WriteJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        WriteValue(ref reader);
    }

    public void WriteMapHead(int pairs) => output.Write((byte)(0x80 | pairs));

    public void WriteText(ReadOnlySpan<byte> text)
    {
        WriteTextHead(text.Length);
        output.Write(text);
    }

    public void WriteInteger(long value)
    {
        switch (value)
        {
            case >= -0x20 and <= 0x7f:
                output.Write((byte)value);
                break;
            case > 0:
                WriteUnsigned((ulong)value);
                break;
            case >= sbyte.MinValue:
                WriteNumber(0xd0, 1, (ulong)value);
                break;
            case >= short.MinValue:
                WriteNumber(0xd1, 2, (ulong)value);
                break;
            case >= int.MinValue:
                WriteNumber(0xd2, 4, (ulong)value);
                break;
            default:
                WriteNumber(0xd3, 8, (ulong)value);
                break;
        }
    }

    private void WriteValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.False:
                output.Write((byte)0xc2);
                break;
            case JsonTokenType.True:
                output.Write((byte)0xc3);
                break;
            case JsonTokenType.Number:
                WriteNumber(ref reader);
                break;
            case JsonTokenType.String:
                WriteText(ref reader);
                break;
            case JsonTokenType.StartArray:
                WriteContainer(ref reader, 0x90, 0xdc);
                break;
            case JsonTokenType.StartObject:
                if (!TryWriteAttachment(ref reader)) WriteContainer(ref reader, 0x80, 0xde);
                break;
            default:
                output.Write((byte)0xc0);
                break;
        }
    }

    // The number of elements is known only at the end. It is usually small, and then nothing has to be moved.
    private void WriteContainer(ref Utf8JsonReader reader, byte shortHead, byte longHead)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var start = output.Length;
        output.Write(shortHead);
        var count = 0;
        for (; reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject); count++)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                WriteText(ref reader);
                reader.Read();
            }

            WriteValue(ref reader);
        }

        if (count <= 0x0f)
        {
            output.Written[start] |= (byte)count;
            return;
        }

        var isWide = count > ushort.MaxValue;
        output.Insert(start + 1, isWide ? 4 : 2);
        var head = output.Written[start..];
        head[0] = isWide ? (byte)(longHead + 1) : longHead;
        if (isWide) BinaryPrimitives.WriteInt32BigEndian(head[1..], count);
        else BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)count);
    }

    private bool TryWriteAttachment(ref Utf8JsonReader reader)
    {
        if (_attachments.IsEmpty) return false;
        var ahead = reader;
        if (!Placeholders.TryRead(ref ahead, out var index, out var isPlaceholder) || !isPlaceholder || (uint)index >= (uint)_attachments.Length) return false;
        reader = ahead;
        var bytes = _attachments[index];
        WriteLength(0xc4, bytes.Length);
        output.Write(bytes);
        return true;
    }

    private void WriteText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            WriteText(reader.ValueSpan);
            return;
        }

        var length = reader.ValueSpan.Length;
        var unescaped = length <= 256 ? stackalloc byte[length] : new byte[length];
        WriteText(unescaped[..reader.CopyString(unescaped)]);
    }

    private void WriteTextHead(int length)
    {
        if (length <= 0x1f) output.Write((byte)(0xa0 | length));
        else WriteLength(0xd9, length);
    }

    // The headers of texts and of binary data with one, two and four bytes of length are consecutive.
    private void WriteLength(byte head, int length)
    {
        if (length <= byte.MaxValue) WriteNumber(head, 1, (ulong)length);
        else if (length <= ushort.MaxValue) WriteNumber((byte)(head + 1), 2, (ulong)length);
        else WriteNumber((byte)(head + 2), 4, (ulong)length);
    }

    private void WriteNumber(ref Utf8JsonReader reader)
    {
        // -0 is not 0, as in JSON.parse.
        var isNegativeZero = reader.ValueSpan.SequenceEqual("-0"u8);
        if (!isNegativeZero && reader.TryGetInt64(out var integer)) WriteInteger(integer);
        else if (reader.TryGetUInt64(out var unsigned)) WriteUnsigned(unsigned);
        else WriteNumber(0xcb, 8, BitConverter.DoubleToUInt64Bits(reader.GetDouble()));
    }

    private void WriteUnsigned(ulong value)
    {
        if (value <= byte.MaxValue) WriteNumber(0xcc, 1, value);
        else if (value <= ushort.MaxValue) WriteNumber(0xcd, 2, value);
        else if (value <= uint.MaxValue) WriteNumber(0xce, 4, value);
        else WriteNumber(0xcf, 8, value);
    }

    // Writes the low bytes of the value, big-endian.
    private void WriteNumber(byte head, int size, ulong value)
    {
        var target = output.GetSpan(1 + sizeof(ulong));
        target[0] = head;
        BinaryPrimitives.WriteUInt64BigEndian(target[1..], value << (64 - 8 * size));
        output.Advance(1 + size);
    }
}

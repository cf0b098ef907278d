using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Json;

/// <summary>Binary arguments: the JSON has placeholders, and the bytes are attachments (socket.io-protocol, "Packet encoding"). Base64 text is read too.</summary>
internal abstract class BinaryConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return FromMemory(reader.GetBytesFromBase64());
        if (reader.TokenType != JsonTokenType.StartObject || BinaryScope.Read is not { } attachments
            || !Placeholders.TryRead(ref reader, out var index, out var isPlaceholder) || !isPlaceholder
            || (uint)index >= (uint)attachments.Count)
        {
            throw new JsonException("Binary was expected here.");
        }

        return FromMemory(attachments[index]);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var bytes = AsMemory(value);
        if (BinaryScope.Written is not { } attachments)
        {
            writer.WriteBase64StringValue(bytes.Span);
            return;
        }

        writer.WriteStartObject();
        writer.WriteBoolean("_placeholder"u8, true);
        writer.WriteNumber("num"u8, attachments.Add(bytes));
        writer.WriteEndObject();
    }

    protected abstract T FromMemory(ReadOnlyMemory<byte> bytes);

    protected abstract ReadOnlyMemory<byte> AsMemory(T value);

    // Each attachment is an array of exact size, so no copy is needed, even if several placeholders refer to it.
    public static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment is { Offset: 0, Array: { } array } && array.Length == segment.Count
            ? array
            : bytes.ToArray();
}

/// <inheritdoc/>
internal sealed class BinaryArrayConverter : BinaryConverter<byte[]>
{
    protected override byte[] FromMemory(ReadOnlyMemory<byte> bytes) => ToArray(bytes);

    protected override ReadOnlyMemory<byte> AsMemory(byte[] value) => value;
}

/// <inheritdoc/>
internal sealed class BinaryReadOnlyMemoryConverter : BinaryConverter<ReadOnlyMemory<byte>>
{
    protected override ReadOnlyMemory<byte> FromMemory(ReadOnlyMemory<byte> bytes) => bytes;

    protected override ReadOnlyMemory<byte> AsMemory(ReadOnlyMemory<byte> value) => value;
}

/// <inheritdoc/>
internal sealed class BinaryMemoryConverter : BinaryConverter<Memory<byte>>
{
    protected override Memory<byte> FromMemory(ReadOnlyMemory<byte> bytes) => ToArray(bytes);

    protected override ReadOnlyMemory<byte> AsMemory(Memory<byte> value) => value;
}

/// <summary>A handler gets a stream over the received bytes. A stream that is sent is read to its end at once.</summary>
internal sealed class BinaryStreamConverter : BinaryConverter<Stream>
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert == typeof(Stream) || typeToConvert.IsSubclassOf(typeof(Stream));

    protected override Stream FromMemory(ReadOnlyMemory<byte> bytes) => new MemoryStream(ToArray(bytes), writable: false);

    protected override ReadOnlyMemory<byte> AsMemory(Stream value)
    {
        using var copy = new MemoryStream();
        value.CopyTo(copy);
        return copy.ToArray();
    }
}

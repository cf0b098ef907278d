using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Json;

/// <summary>
/// Reads a type that keeps JSON as text from a packet that has binary. The text cannot contain an attachment, so the arguments are invalid for a handler. A
/// reader that only observes gets base64.
/// </summary>
/// <param name="own">Reads and writes the type if there is no binary.</param>
/// <typeparam name="T"><see cref="JsonElement"/>, <see cref="JsonDocument"/> or object, which is read as a JsonElement.</typeparam>
internal sealed class TextOnlyConverter<T>(JsonConverter<T?> own) : JsonConverter<T?>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (BinaryScope.Read is not { } attachments || !Placeholders.AreIn(reader)) return own.Read(ref reader, typeToConvert, options);
        var isNode = typeof(T) == typeof(object) && options.UnknownTypeHandling == JsonUnknownTypeHandling.JsonNode;
        if (!isNode && !BinaryScope.LooksOn) throw new UncarriedBinaryException(typeof(T));
        var node = BinaryNodes.Restore(JsonMetadataServices.JsonNodeConverter.Read(ref reader, typeof(System.Text.Json.Nodes.JsonNode), options), attachments, options);
        return isNode ? (T?)(object?)node : ReadText(node!, options);
    }

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        // The converter of object leaves the rest to the serializer.
        if (typeof(T) == typeof(object) && value is not null && value.GetType() != typeof(object)) JsonSerializer.Serialize(writer, value, options.GetTypeInfo(value.GetType()));
        else own.Write(writer, value, options);
    }

    private T? ReadText(System.Text.Json.Nodes.JsonNode node, JsonSerializerOptions options)
    {
        var text = new ArrayBufferWriter<byte>();
        // A converter that writes a packet may read another one.
        var outer = BinaryScope.Written;
        BinaryScope.Written = null;
        try
        {
            using var writer = new Utf8JsonWriter(text);
            node.WriteTo(writer, options);
        }
        finally
        {
            BinaryScope.Written = outer;
        }

        var reader = new Utf8JsonReader(text.WrittenSpan, new JsonReaderOptions { MaxDepth = options.MaxDepth });
        reader.Read();
        return own.Read(ref reader, typeof(T), options);
    }
}

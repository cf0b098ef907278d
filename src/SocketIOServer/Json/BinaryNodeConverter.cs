using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Json;

/// <summary>Reads a node of a packet that has binary. Its placeholders become values of byte[], which are sent as binary again.</summary>
/// <typeparam name="T">JsonNode or one of the types derived from it.</typeparam>
internal sealed class BinaryNodeConverter<T> : JsonConverter<T>
    where T : JsonNode
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var hasBinary = Placeholders.AreIn(reader);
        var node = JsonMetadataServices.JsonNodeConverter.Read(ref reader, typeof(JsonNode), options);
        if (!hasBinary || BinaryScope.Read is not { } attachments) return node as T ?? throw new JsonException($"{typeof(T).Name} was expected here.");
        // A JsonObject or JsonArray cannot be the attachment itself.
        return BinaryNodes.Restore(node, attachments, options) as T ?? throw new UncarriedBinaryException(typeof(T));
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => value.WriteTo(writer, options);
}

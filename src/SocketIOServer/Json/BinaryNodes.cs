using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace SocketIOServer.Json;

/// <summary>Replaces placeholders by their attachments.</summary>
internal static class BinaryNodes
{
    /// <summary>Returns the node itself, changed, or the attachment that stands in its place. The depth is limited by the packet's.</summary>
    public static JsonNode? Restore(JsonNode? node, IReadOnlyList<ReadOnlyMemory<byte>> attachments, JsonSerializerOptions options)
    {
        switch (node)
        {
            case JsonObject map:
                // The attachment itself, not a copy, even if several placeholders refer to it.
                if (TryGetAttachment(map, attachments, out var bytes)) return JsonValue.Create(bytes, (JsonTypeInfo<byte[]>)options.GetTypeInfo(typeof(byte[])));
                for (var i = 0; i < map.Count; i++)
                {
                    var value = map.GetAt(i).Value;
                    var restored = Restore(value, attachments, options);
                    if (!ReferenceEquals(restored, value)) map.SetAt(i, restored);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    var value = list[i];
                    var restored = Restore(value, attachments, options);
                    if (!ReferenceEquals(restored, value)) list[i] = restored;
                }

                break;
        }

        return node;
    }

    // The rules of Placeholders, by which the packet was checked when it was received: a flat object with exactly these names.
    private static bool TryGetAttachment(JsonObject map, IReadOnlyList<ReadOnlyMemory<byte>> attachments, out byte[] bytes)
    {
        bytes = [];
        var isMarked = false;
        var index = -1;
        foreach (var (name, value) in map)
        {
            if (value is JsonObject or JsonArray) return false;
            if (name == "_placeholder") isMarked = value?.GetValueKind() == JsonValueKind.True;
            if (name == "num") index = value is JsonValue number && number.TryGetValue<int>(out var whole) ? whole : -1;
        }

        if (!isMarked || (uint)index >= (uint)attachments.Count) return false;
        bytes = BinaryArrayConverter.ToArray(attachments[index]);
        return true;
    }
}

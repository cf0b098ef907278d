using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Inboxes;
using SocketIOServer.Protocol.SocketIO;
using SocketIOServer.Retries;

namespace SocketIOServer.Cluster;

/// <summary>
/// Kept events in the JSON of a session: <c>"handled":[[event,handler,key,ack,attachments…]],"durable":[message…]</c>. An ack is a text; attachments and messages are base64.
/// </summary>
internal static class KeptEventsJson
{
    private const int MaxDepth = 1000;

    public static void Write(Utf8JsonWriter writer, KeptEvents kept)
    {
        writer.WriteStartArray("handled"u8);
        foreach (var (handled, ack) in kept.Handled)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(handled.Event);
            writer.WriteNumberValue(handled.Handler);
            writer.WriteStringValue(handled.Key);
            writer.WriteStringValue(ack.Json);
            foreach (var attachment in ack.Attachments) writer.WriteBase64StringValue(attachment);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("durable"u8);
        foreach (var message in kept.Durable) writer.WriteBase64StringValue(message.Span);
        writer.WriteEndArray();
    }

    /// <summary>Reads them from the JSON of a session. What is not as a server writes it is left out.</summary>
    public static KeptEvents Read(JsonElement session, AdapterContext context)
    {
        var handled = new List<(RetriedEvent Event, KeptAck Ack)>();
        var durable = new List<ReadOnlyMemory<byte>>();
        foreach (var item in ItemsOf(session, "handled"u8))
        {
            JsonElement[] parts = [.. item.EnumerateArray()];
            byte[][] attachments = [.. parts.Skip(4).Select(static attachment => attachment.GetBytesFromBase64())];
            var ack = System.Text.Encoding.UTF8.GetBytes(parts[3].GetString()!);
            if (parts[2].GetString() is not { Length: > 0 and <= RetryKeySlot.MaxLength } key || !IsAck(ack, attachments)) continue;
            handled.Add((new(parts[0].GetString()!, parts[1].GetInt32(), key), new(ack, attachments)));
        }

        foreach (var item in ItemsOf(session, "durable"u8))
        {
            var message = item.GetBytesFromBase64();
            if (InboxContent.TryRead(message, out var json, out var attachments) && context.TryEncode(json, [.. attachments.Select(static bytes => (ReadOnlyMemory<byte>)bytes)], out _)) durable.Add(message);
        }

        return new(handled, durable);
    }

    // Its client gets it as it is.
    private static bool IsAck(byte[] json, byte[][] attachments)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document.RootElement.ValueKind == JsonValueKind.Array && Placeholders.TryCount(json, new int[attachments.Length], MaxDepth);
    }

    private static JsonElement.ArrayEnumerator ItemsOf(JsonElement session, ReadOnlySpan<byte> name) =>
        session.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;
}

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

    // Names are the program's, and are not counted where events are kept.
    private const int MaxNameLength = 1024;

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

    /// <summary>Reads them from the JSON of a session. An event that no server writes is left out.</summary>
    /// <exception cref="FormatException">There are more than a server writes, or a text is not base64.</exception>
    /// <exception cref="InvalidOperationException">A value has another type than it must have.</exception>
    public static KeptEvents Read(JsonElement session, AdapterContext context)
    {
        var bytes = 0L;
        var handled = new List<(RetriedEvent Event, KeptAck Ack)>();
        var durable = new List<ReadOnlyMemory<byte>>();
        foreach (var item in ItemsOf(session, "handled"u8))
        {
            JsonElement[] parts = [.. item.EnumerateArray()];
            byte[][] attachments = [.. parts.Skip(4).Select(static attachment => attachment.GetBytesFromBase64())];
            if (parts.Length < 4) throw new FormatException();
            var ack = System.Text.Encoding.UTF8.GetBytes(parts[3].GetString()!);
            if (parts[0].GetString() is not { Length: <= MaxNameLength } name || parts[2].GetString() is not { Length: > 0 and <= RetryKeySlot.MaxLength } key || !IsAck(ack, attachments)) continue;
            handled.Add((new(name, parts[1].GetInt32(), key), new(ack, attachments)));
            bytes += key.Length + handled[^1].Ack.Bytes;
            if (handled.Count > KeptEvents.MaxHandled || bytes > KeptEvents.MaxHandledBytes) throw new FormatException();
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

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres;

/// <summary>
/// The text of a notification. A message that is text stands there as it is. Short bytes, such as those of the probe, are <c>=</c> and base64. What has
/// neither form is in the table, and the text says where: <c>{"uid":"…","type":3,"attachmentId":"1"}</c>, as Node's adapter writes it.
/// </summary>
internal static class Notification
{
    private const byte Base64Mark = (byte)'=';
    private const int MaxBase64 = (PostgresWire.MaxTextLength - 1) / 4 * 3;
    private const int MaxHead = 512;
    private const string AttachmentKey = "attachmentId";

    /// <summary>The text for a message; false: it has to go into the table.</summary>
    public static bool TryWrite(ReadOnlyMemory<byte> message, out ReadOnlyMemory<byte> text)
    {
        text = message;
        var bytes = message.Span;
        if (bytes.Length <= PostgresWire.MaxTextLength && bytes is not [Base64Mark, ..] && bytes.IndexOf((byte)0) < 0 && Utf8.IsValid(bytes)) return true;
        if (bytes.Length > MaxBase64 || Head(bytes) > 0) return false;
        text = Encoding.ASCII.GetBytes($"={Convert.ToBase64String(bytes)}");
        return true;
    }

    /// <summary>Divides a message for the table into the text before the id, and what the table gets.</summary>
    public static (string Text, ReadOnlyMemory<byte> Attachment) Divide(ReadOnlyMemory<byte> message)
    {
        var head = Head(message.Span);
        return head > 0
            ? ($"{Encoding.UTF8.GetString(message.Span[..head])},\"{AttachmentKey}\":\"", message[(head + 1)..])
            : ($"{{\"{AttachmentKey}\":\"", message);
    }

    /// <summary>The message in a notification's text. Other texts than ours are passed on as they are: whoever handles them judges them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="buffer">Holds the message. Return it to the shared pool.</param>
    public static ReadOnlyMemory<byte> Read(string text, out byte[] buffer)
    {
        buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        if (text is ['=', ..] && Convert.TryFromBase64Chars(text.AsSpan(1), buffer, out var length)) return buffer.AsMemory(0, length);
        return buffer.AsMemory(0, Encoding.UTF8.GetBytes(text, buffer));
    }

    /// <summary>Where the message is, if it is in the table, and who says so.</summary>
    public static bool TryReadAttachment(string text, out long id, out string? sender)
    {
        (id, sender) = (0, null);
        if (text.Length > MaxHead || !text.Contains(AttachmentKey, StringComparison.Ordinal)) return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(AttachmentKey, out var value)) return false;
            if (root.TryGetProperty("uid", out var uid) && uid.ValueKind == JsonValueKind.String) sender = uid.GetString();
            return value.ValueKind switch
            {
                JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out id),
                JsonValueKind.Number => value.TryGetInt64(out id),
                _ => false,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or half a character in the sender's name.
            return false;
        }
    }

    // What PostgresWire wrote before its mark; 0: it did not write the message.
    private static int Head(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("{\"uid\":"u8)) return 0;
        var mark = message[..Math.Min(message.Length, MaxHead)].IndexOf(PostgresWire.AttachmentMark);
        return mark > 0 && Utf8.IsValid(message[..mark]) ? mark : 0;
    }
}

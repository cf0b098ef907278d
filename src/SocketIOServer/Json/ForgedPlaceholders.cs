using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>
/// Finds objects in the arguments of a packet with binary that its receivers take for placeholders and that are none. Their clients put an attachment into
/// the place of such an object, or end the connection where it names none. A client could end the connections of all that its JSON is passed on to.
/// </summary>
internal static class ForgedPlaceholders
{
    /// <param name="json">The arguments as they are sent.</param>
    /// <param name="attachments">What was written into them.</param>
    /// <exception cref="JsonException">There is one.</exception>
    public static void ThrowIfAny(ReadOnlySpan<byte> json, WrittenAttachments attachments)
    {
        if (attachments.Count == 0) return;
        // A cheap look first: the name stands there as often as it was written, and nothing is escaped that could be one more.
        if (json.Count("_placeholder"u8) <= attachments.Placeholders && json.IndexOf("\\u"u8) < 0) return;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var marks = 0;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("_placeholder"u8)) continue;
            reader.Read();
            if (reader.TokenType == JsonTokenType.True) marks++;
        }

        if (marks > attachments.Placeholders)
            throw new JsonException("An argument has an object with \"_placeholder\": true, which a client takes for binary, in a packet that has binary. Leave one of the two out.");
    }
}

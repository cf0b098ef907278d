using System.Text.Json;

namespace SocketIOServer.Json;

/// <summary>
/// Finds objects in the arguments of a packet with binary that look like placeholders but are not. A receiver would put an attachment in the place of such an
/// object, or close the connection if there is no such attachment. Otherwise a client could end the connections of all clients that its JSON is sent to.
/// </summary>
internal static class ForgedPlaceholders
{
    /// <param name="json">The arguments as they are sent.</param>
    /// <param name="attachments">The attachments that were written.</param>
    /// <exception cref="JsonException">There is such an object.</exception>
    public static void ThrowIfAny(ReadOnlySpan<byte> json, WrittenAttachments attachments)
    {
        if (attachments.Count == 0) return;
        // A cheap check first: the name occurs as often as a placeholder was written, and nothing is escaped that could be a further one.
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

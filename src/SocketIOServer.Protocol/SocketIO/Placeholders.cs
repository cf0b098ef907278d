using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Placeholders for binary arguments in JSON: <c>{"_placeholder":true,"num":0}</c>.</summary>
internal static class Placeholders
{
    /// <summary>
    /// Returns true if every placeholder of valid JSON refers to one of the attachments. Also counts the references to each attachment, because a handler's
    /// arguments might contain the attachment that many times.
    /// </summary>
    /// <param name="json">The payload of a packet.</param>
    /// <param name="references">One counter for each attachment. This method increments them.</param>
    /// <param name="maxDepth">The maximum depth with which the JSON was checked.</param>
    public static bool TryCount(ReadOnlySpan<byte> json, Span<int> references, int maxDepth)
    {
        // A cheap check first: an object is a placeholder only if it has this key, with or without escapes.
        if (json.IndexOf("_placeholder"u8) < 0 && json.IndexOf("\\u"u8) < 0) return true;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.StartObject) continue;
            var ahead = reader;
            if (!TryRead(ref ahead, out var index, out var isPlaceholder) || !isPlaceholder) continue;
            if ((uint)index >= (uint)references.Length) return false;
            references[index]++;
        }

        return true;
    }

    /// <summary>Returns true if the current value of the reader contains a placeholder. The position of the caller's reader does not change.</summary>
    public static bool AreIn(Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return false;
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType != JsonTokenType.StartObject) continue;
            var ahead = reader;
            if (TryRead(ref ahead, out _, out var isPlaceholder) && isPlaceholder) return true;
        }
        while (reader.Read() && reader.CurrentDepth > depth);

        return false;
    }

    /// <summary>
    /// Reads the object at the reader's position. The index is -1 if "num" is missing or not a whole number, or if one of the two keys is duplicated, because
    /// two readers could use different values.
    /// </summary>
    public static bool TryRead(ref Utf8JsonReader reader, out int index, out bool isPlaceholder)
    {
        index = -1;
        isPlaceholder = false;
        var marks = 0;
        var numbers = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMark = reader.ValueTextEquals("_placeholder"u8);
            var isNumber = !isMark && reader.ValueTextEquals("num"u8);
            if (!reader.Read()) return false;
            if (isMark)
            {
                marks++;
                isPlaceholder |= reader.TokenType == JsonTokenType.True;
            }

            if (isNumber)
            {
                numbers++;
                index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : -1;
            }

            // A placeholder contains no nested values. Stopping at the first nested value keeps the whole walk linear.
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return false;
        }

        if (marks > 1 || numbers > 1) index = -1;
        return reader.TokenType == JsonTokenType.EndObject;
    }
}

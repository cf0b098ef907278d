using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary><c>{"_placeholder":true,"num":0}</c>, which stands in the JSON where a binary argument was.</summary>
internal static class Placeholders
{
    /// <summary>
    /// Whether every placeholder of checked JSON names one of the attachments, and how often each of them is named: what the handler is given may
    /// have it that many times.
    /// </summary>
    /// <param name="json">The payload of a packet.</param>
    /// <param name="references">One number an attachment; counted up here.</param>
    /// <param name="maxDepth">What the JSON was checked with.</param>
    public static bool TryCount(ReadOnlySpan<byte> json, Span<int> references, int maxDepth)
    {
        // A cheap look first: an object is a placeholder only with this key, as it is or with escapes.
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

    /// <summary>Whether there is one in the value that the reader stands on. The caller's reader stays where it is.</summary>
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
    /// Reads the object that the reader stands on. The index is -1 where "num" is missing or no whole number, or where one of the two keys is there
    /// twice: two readers might take different ones.
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

            // A placeholder is flat. Leaving at the first nested value keeps the whole walk linear.
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return false;
        }

        if (marks > 1 || numbers > 1) index = -1;
        return reader.TokenType == JsonTokenType.EndObject;
    }
}

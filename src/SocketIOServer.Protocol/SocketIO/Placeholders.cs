using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary><c>{"_placeholder":true,"num":0}</c>, which stands in the JSON where a binary argument was.</summary>
internal static class Placeholders
{
    /// <summary>Whether every placeholder of checked JSON names one of so many attachments.</summary>
    public static bool AreWithin(ReadOnlySpan<byte> json, int attachments, int maxDepth)
    {
        // A cheap look first: an object is a placeholder only with this key, and an escaped key is not worth serving.
        if (json.IndexOf("_placeholder"u8) < 0) return true;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.StartObject) continue;
            var ahead = reader;
            if (TryRead(ref ahead, out var index, out var isPlaceholder) && isPlaceholder && (index < 0 || index >= attachments)) return false;
        }

        return true;
    }

    /// <summary>
    /// Reads the object that the reader stands on; of keys that come twice the last counts, as in JSON.parse.
    /// The index is -1 where "num" is missing or no whole number.
    /// </summary>
    public static bool TryRead(ref Utf8JsonReader reader, out int index, out bool isPlaceholder)
    {
        index = -1;
        isPlaceholder = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMark = reader.ValueTextEquals("_placeholder"u8);
            var isNumber = !isMark && reader.ValueTextEquals("num"u8);
            if (!reader.Read()) return false;
            if (isMark) isPlaceholder = reader.TokenType == JsonTokenType.True;
            if (isNumber) index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : -1;
            // A placeholder is flat. Leaving at the first nested value keeps the whole walk linear.
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return false;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }
}

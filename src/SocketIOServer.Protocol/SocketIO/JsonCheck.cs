using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// Checks in one pass whether the JSON of a packet is well formed, of the right kind and within the depth, and finds the position of the event's name. It
/// creates no objects. The text must be UTF-8 without lone surrogates. For other bytes, the result is false, or the JSON around them is accepted.
/// </summary>
internal static class JsonCheck
{
    /// <summary>Returns true for an object, which is the payload of CONNECT.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json, int maxDepth) => IsWhole(json, JsonTokenType.StartObject, maxDepth);

    /// <summary>
    /// Returns true for an object without duplicate names at any depth, which is required for the auth of a client. If a name stood twice,
    /// one reader might check the first value, and another might use the last.
    /// </summary>
    public static bool IsPlainObject(ReadOnlyMemory<byte> json, int maxDepth)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (Exception e) when (IsFault(e))
        {
            return false;
        }
    }

    /// <summary>Returns true for an array, which is the arguments of an ack.</summary>
    public static bool IsArray(ReadOnlySpan<byte> json, int maxDepth) => IsWhole(json, JsonTokenType.StartArray, maxDepth);

    /// <summary>Returns true for an array that begins with the name of an event.</summary>
    public static bool TryReadEvent(ReadOnlyMemory<byte> json, int maxDepth, out ReadOnlyMemory<byte> name, out int argumentsStart)
    {
        name = default;
        argumentsStart = 0;
        try
        {
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = maxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray || !reader.Read()) return false;
            if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
            {
                var unescaped = new byte[reader.ValueSpan.Length];
                name = unescaped.AsMemory(0, reader.CopyString(unescaped));
            }
            else if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
            {
                var start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
                name = json.Slice(start, reader.ValueSpan.Length);
            }
            else return false;

            argumentsStart = (int)reader.BytesConsumed;
            while (reader.Read())
            {
            }

            return !IsReserved(name.Span);
        }
        catch (Exception e) when (IsFault(e))
        {
            return false;
        }
    }

    /// <summary>Returns true for the names that client and server use internally (socket.io-parser, "RESERVED_EVENTS").</summary>
    public static bool IsReserved(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("connect"u8) || name.SequenceEqual("connect_error"u8)
        || name.SequenceEqual("disconnect"u8) || name.SequenceEqual("disconnecting"u8)
        || name.SequenceEqual("newListener"u8) || name.SequenceEqual("removeListener"u8);

    /// <summary>Returns true if brackets are nested deeper than the limit. The result is meaningless for text that is not JSON.</summary>
    public static bool IsDeeperThan(ReadOnlySpan<byte> json, int maxDepth)
    {
        var depth = 0;
        var isInText = false;
        for (var at = 0; at < json.Length; at++)
        {
            var code = json[at];
            if (isInText)
            {
                if (code == '\\') at++;
                else isInText = code != '"';
            }
            else if (code == '"') isInText = true;
            else if (code is (byte)']' or (byte)'}') depth--;
            else if (code is (byte)'[' or (byte)'{' && ++depth > maxDepth) return true;
        }

        return false;
    }

    // The reader throws InvalidOperationException for text that is not UTF-8, but only when it reads a name with escapes.
    private static bool IsFault(Exception e) => e is JsonException or InvalidOperationException;

    private static bool IsWhole(ReadOnlySpan<byte> json, JsonTokenType kind, int maxDepth)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
            if (!reader.Read() || reader.TokenType != kind) return false;
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

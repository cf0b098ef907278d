using System.Text.Json;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// Finds out in one pass whether the JSON of a packet is well formed, of the right kind and within the depth, and where
/// the event's name stands. Nothing is built from it.
/// </summary>
internal static class JsonCheck
{
    /// <summary>An object, the payload of CONNECT.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json, int maxDepth) => IsWhole(json, JsonTokenType.StartObject, maxDepth);

    /// <summary>An array, the arguments of an ack.</summary>
    public static bool IsArray(ReadOnlySpan<byte> json, int maxDepth) => IsWhole(json, JsonTokenType.StartArray, maxDepth);

    /// <summary>An array that begins with the name of an event.</summary>
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
        catch (JsonException)
        {
            return false;
        }
    }

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

    // socket.io-parser, "RESERVED_EVENTS": names that the two ends use among themselves.
    private static bool IsReserved(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("connect"u8) || name.SequenceEqual("connect_error"u8)
        || name.SequenceEqual("disconnect"u8) || name.SequenceEqual("disconnecting"u8)
        || name.SequenceEqual("newListener"u8) || name.SequenceEqual("removeListener"u8);
}

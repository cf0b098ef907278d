using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// Sockets as servers describe them to each other: <c>{"id","handshake":{"headers","time","address","xdomain","secure","issued","url","query","auth"},
/// "rooms":[],"data":{}}</c>, and <c>user</c> from ours. Node's servers and its admin page need <c>handshake.headers</c>.
/// </summary>
internal static class SnapshotJson
{
    public static void Write(ByteScratch output, IReadOnlyList<SocketSnapshot> sockets, PacketEncoder encoder)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = encoder.Options.Encoder }))
        {
            writer.WriteStartArray();
            foreach (var socket in sockets) Write(writer, socket, encoder);
            writer.WriteEndArray();
        }

        output.Write(buffer.WrittenSpan);
    }

    /// <exception cref="InvalidOperationException">A value has another type than it must have.</exception>
    /// <exception cref="FormatException">A number is no whole one.</exception>
    public static bool TryRead(
        ReadOnlySpan<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, WireLimits limits, PacketEncoder encoder, string? nodeId, out IReadOnlyList<SocketSnapshot> sockets)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.Depth + JsonMessageReader.Envelope });
        var read = new List<SocketSnapshot>();
        sockets = read;
        foreach (var socket in JsonElement.ParseValue(ref reader).EnumerateArray())
        {
            if (!socket.TryGetProperty("id"u8, out var id) || id.GetString() is not { } socketId) return false;
            var rooms = socket.TryGetProperty("rooms"u8, out var names) ? names : default;
            read.Add(new()
            {
                Id = socketId,
                UserId = socket.TryGetProperty("user"u8, out var user) ? user.GetString() : null,
                Rooms = rooms.ValueKind == JsonValueKind.Undefined ? [socketId] : [.. rooms.EnumerateArray().Select(static room => room.GetString() ?? "")],
                Data = ReadData(socket, attachments, encoder),
                Handshake = ReadHandshake(socket),
                NodeId = nodeId,
            });
        }

        return true;
    }

    private static void Write(Utf8JsonWriter writer, SocketSnapshot socket, PacketEncoder encoder)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, socket.Id);
        writer.WriteStartObject("handshake"u8);
        WriteHandshake(writer, socket.Handshake);
        writer.WriteEndObject();
        writer.WriteStartArray("rooms"u8);
        foreach (var room in socket.Rooms) writer.WriteStringValue(room);
        writer.WriteEndArray();
        WriteData(writer, socket.Data, encoder);
        if (socket.UserId is { } user) writer.WriteString("user"u8, user);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>"data":{}</c> with the values that can be sent.</summary>
    public static void WriteData(Utf8JsonWriter writer, ReadOnlySocketData data, PacketEncoder encoder)
    {
        writer.WriteStartObject("data"u8);
        foreach (var (key, value) in data)
        {
            if (!TrySerialize(value, encoder, out var json)) continue;
            writer.WritePropertyName(key);
            writer.WriteRawValue(json, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static void WriteHandshake(Utf8JsonWriter writer, Handshake handshake)
    {
        writer.WriteStartObject("headers"u8);
        // Node has them in lower case.
        foreach (var (name, value) in handshake.Headers) writer.WriteString(name.ToLowerInvariant(), value.ToString());
        writer.WriteEndObject();
        // As JavaScript writes a Date.
        writer.WriteString("time"u8, handshake.Time.UtcDateTime.ToString("ddd MMM dd yyyy HH:mm:ss 'GMT+0000 (Coordinated Universal Time)'", CultureInfo.InvariantCulture));
        writer.WriteString("address"u8, handshake.Address);
        writer.WriteBoolean("xdomain"u8, handshake.Headers.ContainsKey("Origin"));
        writer.WriteBoolean("secure"u8, handshake.IsSecure);
        writer.WriteNumber("issued"u8, handshake.Time.ToUnixTimeMilliseconds());
        writer.WriteString("url"u8, handshake.Url);
        writer.WriteStartObject("query"u8);
        foreach (var (name, value) in handshake.Query) writer.WriteString(name, value.ToString());
        writer.WriteEndObject();
        writer.WritePropertyName("auth"u8);
        if (handshake.Auth.ValueKind == JsonValueKind.Undefined) writer.WriteRawValue("{}"u8, skipInputValidation: true);
        else handshake.Auth.WriteTo(writer);
    }

    private static bool TrySerialize(object? value, PacketEncoder encoder, out byte[] json)
    {
        json = "null"u8.ToArray();
        if (value is null) return true;
        if (value is SentValue sent) value = sent.Json;
        try
        {
            json = encoder.Value(value);
            return true;
        }
        catch (Exception)
        {
            // Whatever a getter of the program's throws: a value that cannot be sent is left out, and the others go.
            return false;
        }
    }

    /// <summary>Reads them.</summary>
    public static SocketData ReadData(JsonElement socket, IReadOnlyList<ReadOnlyMemory<byte>> attachments, PacketEncoder encoder)
    {
        var data = new SocketData();
        // In Node data is whatever the program has made of it.
        if (!socket.TryGetProperty("data"u8, out var values) || values.ValueKind != JsonValueKind.Object) return data;
        foreach (var value in values.EnumerateObject()) data.Set<object?>(value.Name, value.Value.ValueKind == JsonValueKind.Null ? null : new SentValue(value.Value, attachments, encoder));
        return data;
    }

    private static Handshake ReadHandshake(JsonElement socket)
    {
        if (!socket.TryGetProperty("handshake"u8, out var handshake) || handshake.ValueKind != JsonValueKind.Object) return new();
        return Handshake.Of(
            handshake.TryGetProperty("address"u8, out var address) ? address.GetString() ?? "" : "",
            handshake.TryGetProperty("url"u8, out var url) ? url.GetString() ?? "" : "",
            handshake.TryGetProperty("secure"u8, out var secure) && secure.GetBoolean(),
            handshake.TryGetProperty("issued"u8, out var issued) ? TimeOf(issued.GetInt64()) : default,
            TextsOf(handshake, "query"u8),
            TextsOf(handshake, "headers"u8),
            handshake.TryGetProperty("auth"u8, out var auth) ? auth : default);
    }

    private static DateTimeOffset TimeOf(long milliseconds) =>
        milliseconds is > -62_135_596_800_000 and < 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;

    // In Node a value that is there several times is an array.
    private static IEnumerable<KeyValuePair<string, string>> TextsOf(JsonElement parent, ReadOnlySpan<byte> key) =>
        parent.TryGetProperty(key, out var texts) && texts.ValueKind == JsonValueKind.Object
            ? texts.EnumerateObject().Where(static text => text.Value.ValueKind == JsonValueKind.String).Select(static text => KeyValuePair.Create(text.Name, text.Value.GetString()!))
            : [];
}

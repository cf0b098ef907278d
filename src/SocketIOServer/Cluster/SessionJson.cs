using System.Text;
using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;
using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>
/// How servers ask each other for the session of a client and give it: <c>{"pid","offset","user"}</c> and
/// <c>{"socket":[…],"away":ms,"seen":{"server":[latest,missing…]},"missed":[[event,attachments…]]}</c>, with what <see cref="KeptEventsJson"/> adds, or <c>{"failure"}</c>. Events are texts and attachments base64,
/// because the placeholders of several events would get mixed up.
/// </summary>
internal static class SessionJson
{
    // The prefix of an event's last argument, its two quotation marks and the comma.
    private const int OffsetArgument = LogOffset.Length + 3;

    public static byte[] WriteRequest(RecoveryRequest request, string? userId) => Write(writer =>
    {
        writer.WriteString("pid"u8, request.Id);
        if (request.Offset is { } offset) writer.WriteString("offset"u8, offset);
        if (request.HasInvalidOffset) writer.WriteBoolean("invalid"u8, true);
        if (userId is not null) writer.WriteString("user"u8, userId);
    });

    public static bool TryReadRequest(ReadOnlyMemory<byte> json, out RecoveryRequest request, out string? userId)
    {
        request = null!;
        userId = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            userId = TextOf(root, "user"u8);
            if (TextOf(root, "pid"u8) is not { } id) return false;
            request = new(id, TextOf(root, "offset"u8), root.TryGetProperty("invalid"u8, out _));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Another server has sent something else.
            return false;
        }
    }

    public static byte[] WriteFailure(string failure) => Write(writer => writer.WriteString("failure"u8, failure));

    /// <summary><c>{"record"}</c>, where the servers share a log.</summary>
    public static byte[] WriteRecord(string record) => Write(writer => writer.WriteString("record"u8, record));

    public static bool TryReadRecord(ReadOnlyMemory<byte> json, out string? record, out string? failure)
    {
        (record, failure) = (null, null);
        try
        {
            using var document = JsonDocument.Parse(json);
            failure = TextOf(document.RootElement, "failure"u8);
            record = TextOf(document.RootElement, "record"u8);
            return (record is null) != (failure is null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // As above.
            return false;
        }
    }

    public static byte[] Write(MovedSession session, AdapterContext context, KeptEvents? kept = null)
    {
        using var socket = new ByteScratch();
        SnapshotJson.Write(socket, [session.Socket], context.Encoder);
        return Write(writer =>
        {
            writer.WritePropertyName("socket"u8);
            writer.WriteRawValue(socket.Written, skipInputValidation: true);
            writer.WriteNumber("away"u8, (long)session.Away.TotalMilliseconds);
            writer.WriteStartObject("seen"u8);
            foreach (var (sender, latest, first, missing) in session.Seen.Senders)
            {
                writer.WriteStartArray(sender);
                writer.WriteNumberValue(latest);
                writer.WriteNumberValue(first);
                foreach (var number in missing) writer.WriteNumberValue(number);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteStartArray("missed"u8);
            foreach (var message in session.Missed)
            {
                var (json, attachments) = context.Parser.ReadEvent(message, context.Utf8Name);
                writer.WriteStartArray();
                // Without the offset, which belongs to the log of this server.
                writer.WriteStringValue([.. json.Span.TrimEnd(" \t\r\n"u8)[..^(OffsetArgument + 1)], (byte)']']);
                foreach (var attachment in attachments) writer.WriteBase64StringValue(attachment.Span);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            if (kept is { Any: true }) KeptEventsJson.Write(writer, kept);
        });
    }

    public static bool TryRead(ReadOnlyMemory<byte> json, WireLimits limits, AdapterContext context, out MovedSession? session, out KeptEvents kept, out string? failure)
    {
        session = null;
        kept = new([], []);
        failure = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = limits.Depth + JsonMessageReader.Envelope });
            var root = document.RootElement;
            failure = TextOf(root, "failure"u8);
            if (failure is not null) return true;
            var socket = Encoding.UTF8.GetBytes(root.GetProperty("socket"u8).GetRawText());
            if (!SnapshotJson.TryRead(socket, [], limits, context.Encoder, null, out var sockets) || sockets.Count != 1) return false;
            var seen = new SeenEvents();
            foreach (var sender in root.GetProperty("seen"u8).EnumerateObject())
            {
                long[] numbers = [.. sender.Value.EnumerateArray().Select(static number => number.GetInt64())];
                if (numbers.Length > 1) seen.Set(sender.Name, numbers[0], numbers[1], numbers.Skip(2));
            }

            var missed = new List<OutgoingMessage>();
            foreach (var logged in root.GetProperty("missed"u8).EnumerateArray())
            {
                ReadOnlyMemory<byte>[] attachments = [.. logged.EnumerateArray().Skip(1).Select(static attachment => (ReadOnlyMemory<byte>)attachment.GetBytesFromBase64())];
                if (!context.TryEncode(Encoding.UTF8.GetBytes(logged[0].GetString()!), attachments, out var @event)) return false;
                missed.Add(@event.Message);
            }

            kept = KeptEventsJson.Read(root, context);
            session = new(sockets[0], missed, seen, TimeSpan.FromMilliseconds(Math.Clamp(root.GetProperty("away"u8).GetInt64(), 0, int.MaxValue)));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException or ArgumentNullException)
        {
            // As above.
            return false;
        }
    }

    private static string? TextOf(JsonElement parent, ReadOnlySpan<byte> key) => parent.TryGetProperty(key, out var text) ? text.GetString() : null;

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = PlainJsonEncoder.Instance }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

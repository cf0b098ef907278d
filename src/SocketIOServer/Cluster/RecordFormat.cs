using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using SocketIOServer.Adapters;
using SocketIOServer.Json;
using SocketIOServer.Protocol.SocketIO.MessagePack;

namespace SocketIOServer.Cluster;

/// <summary>
/// Writes and reads sessions as @socket.io/redis-streams-adapter does: MessagePack of <c>{sid,pid,rooms,data}</c> in base64. Further keys are ours, and Node's servers
/// ignore them: <c>nsp</c>, <c>user</c>, the ids <c>from</c>, <c>last</c>, <c>left</c>, <c>changed</c>, <c>needs</c> and <c>known</c>, <c>changes</c>, which are <c>[id,room,hasJoined]</c>,
/// and what <see cref="KeptEventsJson"/> adds.
/// </summary>
internal static class RecordFormat
{
    /// <summary>The longest text that is saved. The connection to the store carries the events too, and they would wait for larger ones.</summary>
    public const int MaxWritten = 64 * 1024;

    /// <summary>The longest text that is read. Servers of Node have no limit.</summary>
    public const int MaxRead = 1024 * 1024;

    private const int MaxDepth = 64;
    private const int MaxIdLength = 128;
    private const int MaxChanges = 1000;

    /// <summary>Returns null if the session is too large.</summary>
    public static string? Write(SessionRecord record, KeptEvents kept, PacketEncoder encoder, int maxLength)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = encoder.Options.Encoder })) Write(writer, record, kept, encoder);
        using var packed = ByteScratch.Take();
        new MessagePackTranscoder([], packed).WriteJson(json.WrittenSpan);
        if (Base64.GetMaxEncodedToUtf8Length(packed.Written.Length) > maxLength) return null;
        return Convert.ToBase64String(packed.Written);
    }

    /// <summary>Returns null if the text is no session.</summary>
    public static SessionRecord? Read(string text, AdapterContext context, out KeptEvents kept)
    {
        kept = KeptEvents.None;
        if (text.Length is 0 or > MaxRead) return null;
        var packed = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(text, packed, out var length)) return null;
        using var json = ByteScratch.Take();
        var transcoder = new JsonTranscoder(new(packed.AsSpan(0, length)), new(MaxRead, MaxRead, MaxDepth), json);
        if (!transcoder.TryWrite() || !transcoder.IsAtEnd) return null;
        try
        {
            var reader = new Utf8JsonReader(json.Written, new JsonReaderOptions { MaxDepth = MaxDepth });
            var root = JsonElement.ParseValue(ref reader);
            var record = Read(root, transcoder.Attachments ?? [], context.Encoder);
            if (record is { IsForeign: false }) kept = KeptEventsJson.Read(root, context);
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException or ArgumentNullException)
        {
            // Whoever may write to the store has written something else.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, SessionRecord record, KeptEvents kept, PacketEncoder encoder)
    {
        writer.WriteStartObject();
        writer.WriteString("sid"u8, record.Sid);
        writer.WriteString("pid"u8, record.Pid);
        writer.WriteStartArray("rooms"u8);
        foreach (var room in record.Rooms) writer.WriteStringValue(room);
        writer.WriteEndArray();
        SnapshotJson.WriteData(writer, record.Data, encoder);
        if (!record.IsForeign) WriteOurs(writer, record, kept);
        writer.WriteEndObject();
    }

    private static void WriteOurs(Utf8JsonWriter writer, SessionRecord record, KeptEvents kept)
    {
        writer.WriteString("nsp"u8, record.Namespace);
        writer.WriteString("user"u8, record.UserId);
        writer.WriteString("from"u8, record.From.ToString());
        writer.WriteString("last"u8, record.Last.ToString());
        writer.WriteString("left"u8, record.Left.ToString());
        writer.WriteString("changed"u8, record.Changed.ToString());
        writer.WriteString("needs"u8, record.Needs.ToString());
        writer.WriteString("known"u8, record.KnownFrom.ToString());
        writer.WriteStartArray("changes"u8);
        foreach (var (position, room, isJoin) in record.Changes)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(position.ToString());
            writer.WriteStringValue(room);
            writer.WriteBooleanValue(isJoin);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        if (kept.Any) KeptEventsJson.Write(writer, kept);
    }

    private static SessionRecord? Read(JsonElement root, IReadOnlyList<ReadOnlyMemory<byte>> attachments, PacketEncoder encoder)
    {
        if (TextOf(root, "sid"u8) is not { Length: > 0 and <= MaxIdLength } sid || !IsId(sid) || TextOf(root, "pid"u8) is not { Length: > 0 and <= MaxIdLength } pid) return null;
        HashSet<string> rooms = [sid, .. root.GetProperty("rooms"u8).EnumerateArray().Select(static room => room.GetString() ?? "")];
        var record = new SessionRecord { Sid = sid, Pid = pid, Rooms = rooms, Data = SnapshotJson.ReadData(root, attachments, encoder), IsForeign = true };
        if (!root.TryGetProperty("user"u8, out var user)) return record;
        var changes = root.GetProperty("changes"u8);
        if (changes.GetArrayLength() > MaxChanges) return null;
        return record with
        {
            IsForeign = false,
            UserId = user.GetString(),
            Namespace = TextOf(root, "nsp"u8) ?? throw new KeyNotFoundException(),
            From = IdOf(root.GetProperty("from"u8)),
            Last = IdOf(root.GetProperty("last"u8)),
            Left = IdOf(root.GetProperty("left"u8)),
            Changed = IdOf(root.GetProperty("changed"u8)),
            Needs = IdOf(root.GetProperty("needs"u8)),
            KnownFrom = IdOf(root.GetProperty("known"u8)),
            Changes = [.. changes.EnumerateArray().Select(static change => (IdOf(change[0]), change[1].GetString() ?? "", change[2].GetBoolean()))],
        };
    }

    // It is written into the connect packet as it is. Programs of Node can choose ids.
    private static bool IsId(string text) => text.All(static unit => unit is > ' ' and < '\x7f' and not ('"' or '\\'));

    private static string? TextOf(JsonElement parent, ReadOnlySpan<byte> key) => parent.TryGetProperty(key, out var text) ? text.GetString() : null;

    private static EntryId IdOf(JsonElement text) => EntryId.TryParse(text.GetString(), out var id) ? id : throw new KeyNotFoundException();
}

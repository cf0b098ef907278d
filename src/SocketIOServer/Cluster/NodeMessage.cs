using System.Text.Json;

namespace SocketIOServer.Cluster;

/// <summary>
/// What our servers tell each other of themselves: <c>{"t":"hello","node":"AbCd","name":"web-1","uid":"…","wire":"json-Static","since":1795877266000,
/// "at":"http://10.0.0.7:8080","seal":"…","v":1}</c>. t is "hello" of one that comes and wants to know the others, "beat" of one that is there, "bye" of one
/// that goes, "who" of an emitter, which is no server; "ask" and "none" belong to a question, see <see cref="Membership"/>. "since" is when it started, "leaving" is true if it stops, "at" where it takes forwarded requests, "seal"
/// the proof of that: <see cref="NodeSeal"/>.
/// </summary>
internal sealed record NodeMessage(string Kind, string Sender, string Node, string Name, string Wire, string? Namespace = null, string? RequestId = null, string Bridges = "")
{
    private const int MaxBytes = 64 * 1024;

    public long Since { get; init; }

    public string? Address { get; init; }

    /// <summary>It stops and takes no new clients.</summary>
    public bool IsLeaving { get; init; }

    public string? Seal { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out NodeMessage? message)
    {
        message = null;
        if (bytes.Length > MaxBytes) return false;
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var json = JsonElement.ParseValue(ref reader);
            if (json.ValueKind != JsonValueKind.Object || reader.BytesConsumed != bytes.Length) return false;
            if (TextOf("t") is not { Length: > 0 } kind || TextOf("uid") is not { Length: > 0 } sender) return false;
            message = new(kind, sender, TextOf("node") ?? "", TextOf("name") ?? "", TextOf("wire") ?? "", TextOf("nsp"), TextOf("id"), TextOf("bridges") ?? "")
            {
                Since = json.TryGetProperty("since", out var since) && since.TryGetInt64(out var milliseconds) ? milliseconds : 0,
                Address = TextOf("at"),
                IsLeaving = json.TryGetProperty("leaving", out var leaving) && leaving.ValueKind == JsonValueKind.True,
                Seal = TextOf("seal"),
            };
            return true;

            string? TextOf(string key) => json.TryGetProperty(key, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("t"u8, Kind);
            writer.WriteString("node"u8, Node);
            writer.WriteString("name"u8, Name);
            writer.WriteString("uid"u8, Sender);
            writer.WriteString("wire"u8, Wire);
            writer.WriteNumber("since"u8, Since);
            if (Address is not null) writer.WriteString("at"u8, Address);
            if (Seal is not null) writer.WriteString("seal"u8, Seal);
            if (IsLeaving) writer.WriteBoolean("leaving"u8, true);
            writer.WriteNumber("v"u8, 1);
            if (Namespace is not null) writer.WriteString("nsp"u8, Namespace);
            if (RequestId is not null) writer.WriteString("id"u8, RequestId);
            if (Bridges.Length > 0) writer.WriteString("bridges"u8, Bridges);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

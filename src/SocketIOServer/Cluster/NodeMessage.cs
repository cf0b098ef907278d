using System.Collections.ObjectModel;
using System.Text.Json;

namespace SocketIOServer.Cluster;

/// <summary>
/// What our servers tell each other of themselves: <c>{"t":"hello","node":"AbCd","name":"web-1","uid":"…","wire":"json-Static","since":1795877266000,
/// "at":"http://10.0.0.7:8080","seal":"…","v":1}</c>. t is "hello" of one that comes and wants to know the others, "beat" of one that is there, "bye" of one
/// that goes, "who" of an emitter, which is no server; "sent" is of one whose numbers do not fit into the message that follows; "ask" and "none" belong to a question, see <see cref="Membership"/>. "since" is when it started, "leaving" is true if it stops, "at" where it takes forwarded requests, "seal"
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

    /// <summary>The number of its latest message in each namespace, or in some of them.</summary>
    public IReadOnlyDictionary<string, long> Sent { get => field ?? ReadOnlyDictionary<string, long>.Empty; init; }

    /// <summary>How many messages it has not been able to publish, or does not know whether it has.</summary>
    public long Lost { get; init; }

    /// <summary>With the messages of this kind before it, it has all numbers.</summary>
    public bool IsWhole { get; init; }

    /// <summary>It has more namespaces than it can tell.</summary>
    public bool IsPartial { get; init; }

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
                IsLeaving = IsTrue("leaving"),
                Seal = TextOf("seal"),
                Sent = json.TryGetProperty("sent", out var sent) ? ReadSent(sent) : null!,
                Lost = json.TryGetProperty("lost", out var lost) && lost.TryGetInt64(out var count) ? count : 0,
                IsWhole = IsTrue("all"),
                IsPartial = IsTrue("more"),
            };
            return true;

            bool IsTrue(string key) => json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;

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
            if (Sent.Count > 0 || Lost > 0 || IsWhole) WriteSent(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static Dictionary<string, long> ReadSent(JsonElement json)
    {
        var sent = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var one in json.EnumerateObject())
        {
            if (one.Value.TryGetInt64(out var number) && number > 0) sent[one.Name] = number;
        }

        return sent;
    }

    private void WriteSent(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("sent"u8);
        foreach (var (name, number) in Sent) writer.WriteNumber(name, number);
        writer.WriteEndObject();
        writer.WriteNumber("lost"u8, Lost);
        if (IsWhole) writer.WriteBoolean("all"u8, true);
        if (IsPartial) writer.WriteBoolean("more"u8, true);
    }
}

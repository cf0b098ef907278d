using System.Text.Json;
using System.Text.Unicode;

namespace SocketIOServer.Fuzz.Targets;

/// <summary>A decoder of Socket.IO packets.</summary>
internal abstract class PacketTarget : Target
{
    // The defaults of SocketServerOptions, but for the size: the memory of one input stays small.
    protected static readonly PacketLimits Limits = new(10, 100_000, 64);

    // What the layers above take for granted of a whole packet.
    protected static void CheckPacket(in SocketPacket packet)
    {
        Check(packet.Id is >= SocketPacket.NoId and <= SocketPacket.MaxId, "an ack id is a whole number that JavaScript can hold");
        Check(Utf8.IsValid(packet.Namespace.Span), "a namespace is UTF-8");
        Check(Utf8.IsValid(packet.Name.Span), "the name of an event is UTF-8");
        Check(packet.Size <= 8 * Limits.MaxPacketBytes, "a packet is bounded");
        if (packet.Json.IsEmpty) return;
        Check(Utf8.IsValid(packet.Json.Span), "the payload is UTF-8");
        using var document = JsonDocument.Parse(packet.Json, new JsonDocumentOptions { MaxDepth = Limits.MaxJsonDepth });
        var owned = packet.ToOwned();
        Check(owned.Json.Span.SequenceEqual(packet.Json.Span) && owned.Name.Span.SequenceEqual(packet.Name.Span), "a copy is equal");
        if (packet.Type == SocketPacketType.Event) CheckEvent(packet, document.RootElement);
    }

    private static void CheckEvent(in SocketPacket packet, JsonElement arguments)
    {
        var name = arguments[0];
        var text = name.ValueKind == JsonValueKind.String ? name.GetString()! : name.GetRawText();
        Check(System.Text.Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(packet.Name.Span), "the name is the first element");
        var rest = packet.Json.Span[packet.ArgumentsStart..].TrimStart(" \t\r\n"u8);
        Check(rest.Length > 0 && rest[0] == (arguments.GetArrayLength() > 1 ? (byte)',' : (byte)']'), "the arguments begin behind the name");
    }
}

using System.Globalization;
using System.Text;
using SocketIOServer.Protocol.EngineIO;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Protocol.Tests;

/// <summary>
/// Feeds Engine.IO messages ("2[\"e\"]", or "b:01" for a binary one) to a decoder, and shows what came out as the text of
/// a packet: type, namespace, ack id, JSON, and behind a plus each attachment.
/// </summary>
internal static class Decoding
{
    public const string Invalid = "invalid";
    public const string Pending = "pending";

    public static readonly PacketLimits Limits = new(10, 10_000_000, 64);

    /// <summary>What became of the last message.</summary>
    public static string Decode(params string[] messages) => Steps(Limits, messages)[^1];

    public static string[] Steps(PacketLimits limits, params string[] messages)
    {
        var decoder = new JsonPacketDecoder(limits);
        return [.. messages.Select(message => Add(decoder, message))];
    }

    public static string Add(PacketDecoder decoder, string message) => decoder.Add(Message(message), out var packet) switch
    {
        DecodeResult.Complete => Show(packet),
        DecodeResult.Pending => Pending,
        _ => Invalid,
    };

    public static SocketPacket Packet(params string[] messages)
    {
        var decoder = new JsonPacketDecoder(Limits);
        SocketPacket packet = default;
        foreach (var message in messages) Assert.NotEqual(DecodeResult.Invalid, decoder.Add(Message(message), out packet));
        return packet;
    }

    public static EnginePacket Message(string message) => message.StartsWith("b:", StringComparison.Ordinal)
        ? new(EnginePacketType.Message, Wire.Hex(message[2..]), isBinary: true)
        : new(EnginePacketType.Message, Wire.Utf8(message));

    public static string Show(in SocketPacket packet)
    {
        var count = packet.Attachments.Count;
        var text = new StringBuilder().Append((char)('0' + (int)packet.Type + (count > 0 ? 3 : 0)));
        if (count > 0) text.Append(count.ToString(CultureInfo.InvariantCulture)).Append('-');
        if (!packet.Namespace.IsEmpty) text.Append(Encoding.UTF8.GetString(packet.Namespace.Span)).Append(',');
        if (packet.Id >= 0) text.Append(packet.Id.ToString(CultureInfo.InvariantCulture));
        text.Append(Encoding.UTF8.GetString(packet.Json.Span));
        foreach (var attachment in packet.Attachments) text.Append('+').Append(Convert.ToHexString(attachment.Span));
        return text.ToString();
    }
}

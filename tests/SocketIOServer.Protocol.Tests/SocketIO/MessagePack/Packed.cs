using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.SocketIO.MessagePack;

/// <summary>Packets in MessagePack as the tests write them, in hex, and what became of them in the words of <see cref="Decoding"/>.</summary>
internal static class Packed
{
    private static readonly PacketParser Parser = PacketParser.MessagePack;

    /// <summary>The event ["e", value], the value in hex.</summary>
    public static string Event(string value) => $"83 a474797065 02 a36e7370 a12f a464617461 92 a165 {value}";

    public static string Decode(string hex, PacketLimits? limits = null, PacketParser? parser = null) => Decode(Wire.Hex(hex), limits, parser);

    public static string Decode(byte[] bytes, PacketLimits? limits = null, PacketParser? parser = null) =>
        Show(new(EnginePacketType.Message, bytes, isBinary: true), limits, parser);

    public static string DecodeText(string text, PacketParser parser) => Show(Decoding.Message(text), null, parser);

    /// <summary>False: it is none.</summary>
    public static bool TryRead(byte[] bytes, out SocketPacket packet) =>
        Parser.CreateDecoder(Decoding.Limits).Add(new(EnginePacketType.Message, bytes, isBinary: true), out packet) == DecodeResult.Complete;

    /// <summary>The value as JSON, in the event ["e", value], and its attachments behind.</summary>
    public static string DecodeValue(string hex)
    {
        if (!TryRead(Wire.Hex(Event(hex)), out var packet)) return Decoding.Invalid;
        var json = Encoding.UTF8.GetString(packet.Json.Span);
        return json["[\"e\",".Length..^1] + string.Concat(packet.Attachments.Select(data => "+" + Convert.ToHexString(data.Span)));
    }

    public static string Encode(
        SocketPacketType type, string name, long id, string json, byte[][]? attachments = null, PacketParser? parser = null)
    {
        var message = (parser ?? Parser).Write(type, Wire.Utf8(name), id, Wire.Utf8(json), attachments ?? []);
        Assert.Equal((1, true, false), (message.Count, message.Head.IsBinary, message.IsJson));
        return Convert.ToHexStringLower(message.Head.Bytes);
    }

    public static string EncodeValue(string json, params byte[][] attachments) => Convert.ToHexStringLower(Parser.Prepare(Wire.Utf8(json), attachments).Payload.Span);

    public static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    public static string Compact(string hex) => hex.Replace(" ", "", StringComparison.Ordinal);

    private static string Show(EnginePacket message, PacketLimits? limits, PacketParser? parser) =>
        (parser ?? Parser).CreateDecoder(limits ?? Decoding.Limits).Add(message, out var packet) switch
        {
            DecodeResult.Complete => Decoding.Show(packet),
            DecodeResult.Pending => Decoding.Pending,
            _ => Decoding.Invalid,
        };
}

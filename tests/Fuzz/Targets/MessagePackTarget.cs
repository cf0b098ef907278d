using System.Text.Unicode;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Fuzz.Targets;

/// <summary>MessagePack packets of both parsers; the older one also has some in JSON.</summary>
internal sealed class MessagePackTarget : PacketTarget
{
    public override void Read(byte[] input)
    {
        Decode(PacketParser.MessagePack, input, isBinary: true);
        Decode(PacketParser.MessagePack.ForOldClients, input, isBinary: true);
        // PollingTransport and MessageReader let no other text through.
        if (Utf8.IsValid(input)) Decode(PacketParser.MessagePack.ForOldClients, input, isBinary: false);
    }

    private static void Decode(PacketParser parser, byte[] input, bool isBinary)
    {
        var result = parser.CreateDecoder(Limits).Add(new(EnginePacketType.Message, input, isBinary), out var packet);
        Check(result != DecodeResult.Pending, "a packet is one message");
        if (result == DecodeResult.Complete) CheckPacket(packet);
    }
}

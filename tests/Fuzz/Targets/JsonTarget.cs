using System.Text.Unicode;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Fuzz.Targets;

/// <summary>JSON packets: a head, and behind each 0xff, which no UTF-8 has, an attachment.</summary>
internal sealed class JsonTarget : PacketTarget
{
    public override void Read(byte[] input)
    {
        var decoder = PacketParser.Json.CreateDecoder(Limits);
        var isHead = true;
        foreach (var part in input.AsSpan().Split((byte)0xff))
        {
            var message = input.AsMemory(part);
            // PollingTransport and MessageReader let no other text through.
            if (isHead && !Utf8.IsValid(message.Span)) return;
            var result = decoder.Add(new(EnginePacketType.Message, message, isBinary: !isHead), out var packet);
            Check(decoder.WaitingBytes <= Limits.MaxPacketBytes + input.Length, "what waits for attachments is bounded");
            if (result == DecodeResult.Complete) CheckPacket(packet);
            if (result != DecodeResult.Pending) return;
            isHead = false;
        }
    }
}

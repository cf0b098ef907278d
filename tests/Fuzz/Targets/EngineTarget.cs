using System.Text.Unicode;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Fuzz.Targets;

/// <summary>Payloads and frames of one revision of Engine.IO, each as text and as binary.</summary>
internal sealed class EngineTarget(string eio) : Target
{
    private readonly EngineProtocol _protocol = EngineProtocol.Select(eio)!;

    public override void Read(byte[] input)
    {
        ReadPayload(input, isBinary: true);
        ReadFrame(input, isBinary: true);
        // PollingTransport and MessageReader let no other text through.
        if (!Utf8.IsValid(input)) return;
        ReadPayload(input, isBinary: false);
        ReadFrame(input, isBinary: false);
    }

    private void ReadPayload(ReadOnlyMemory<byte> body, bool isBinary)
    {
        var encoding = _protocol.DescribeClient(base64: false, []);
        do
        {
            var before = body.Length;
            if (!_protocol.TryReadPayload(ref body, isBinary, encoding, out var packet)) return;
            Check(body.Length < before, "something was read");
            CheckPacket(packet);
        }
        while (body.Length > 0);
    }

    private void ReadFrame(ReadOnlyMemory<byte> frame, bool isBinary)
    {
        if (_protocol.TryReadFrame(frame, isBinary, out var packet)) CheckPacket(packet);
    }

    private static void CheckPacket(in EnginePacket packet)
    {
        Check(packet.Type is >= EnginePacketType.Open and <= EnginePacketType.Noop, "a packet has a type");
        // What the decoders of Socket.IO take for granted.
        Check(packet.IsBinary || Utf8.IsValid(packet.Data.Span), "the text of a packet is UTF-8");
    }
}

using System.Buffers;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>Engine.IO 4: clients 3.x and 4.x.</summary>
internal sealed class EngineProtocolV4 : EngineProtocol
{
    // engine.io-protocol v4, "Payload encoding": packets joined by the record separator, binary as "b" + base64.
    private const byte Separator = 0x1e;

    private static readonly ClientEncoding Any = new(base64: false, PayloadForm.Text);

    public override string Name => "engine.io/4";

    public override bool ServerPings => true;

    public override bool IsLegacy => false;

    public override bool ListensLate => false;

    public override ClientEncoding DescribeClient(bool base64, ReadOnlySpan<char> cacheBuster) => Any;

    public override bool TryReadPayload(ref ReadOnlyMemory<byte> body, bool isBinaryBody, ClientEncoding encoding, out EnginePacket packet)
    {
        packet = default;
        if (isBinaryBody) return false;
        var end = body.Span.IndexOf(Separator);
        // A separator at the end of the payload is an error, because it announces a packet that is missing.
        if (end == body.Length - 1) return false;
        var text = end < 0 ? body : body[..end];
        body = end < 0 ? default : body[(end + 1)..];
        return TryReadTextOrBase64(text, out packet);
    }

    public override bool WritePayload(ReadOnlySpan<OutgoingMessage> batch, PayloadForm form, IBufferWriter<byte> output)
    {
        var isFirst = true;
        foreach (var message in batch)
        {
            for (var i = 0; i < message.Count; i++)
            {
                if (!isFirst) output.Write([Separator]);
                isFirst = false;
                var packet = message[i];
                if (packet.IsBinary)
                {
                    output.Write("b"u8);
                    WriteBase64(packet.Bytes, output);
                }
                else output.Write(packet.Bytes);
            }
        }

        return false;
    }

    public override bool TryReadFrame(ReadOnlyMemory<byte> frame, bool isBinary, out EnginePacket packet)
    {
        if (!isBinary) return TryReadTextOrBase64(frame, out packet);
        packet = new(EnginePacketType.Message, frame, isBinary: true);
        return true;
    }

    public override ReadOnlyMemory<byte> Frame(in OutgoingPacket packet, bool base64, ArrayBufferWriter<byte> scratch, out bool isBinary)
    {
        isBinary = packet.IsBinary;
        return packet.Bytes;
    }

    private static bool TryReadTextOrBase64(ReadOnlyMemory<byte> text, out EnginePacket packet) =>
        !text.IsEmpty && text.Span[0] == 'b' ? TryReadBase64(text.Span[1..], out packet) : TryReadText(text, out packet);
}

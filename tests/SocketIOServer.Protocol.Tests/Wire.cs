using System.Buffers;
using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests;

/// <summary>
/// Engine.IO packets as the tests write them: text as on the wire ("4hello"), binary as "b:010203", and "!" where the
/// bytes were refused.
/// </summary>
internal static class Wire
{
    public const string Refused = "!";

    private const string BinaryMark = "b:";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A client that reads every form and may encode twice: the state of a session that has said nothing yet.</summary>
    public static ClientEncoding NewEncoding(PayloadForm form = PayloadForm.Either) => new(base64: form == PayloadForm.Text, form);

    public static string Show(in EnginePacket packet) => packet.IsBinary
        ? BinaryMark + Convert.ToHexString(packet.Data.Span)
        : (char)('0' + (int)packet.Type) + Encoding.UTF8.GetString(packet.Data.Span);

    /// <summary>One message; with more packets than one, a head and its attachments.</summary>
    public static OutgoingMessage Message(params string[] packets) => MessageOf(false, packets);

    public static OutgoingMessage JsonMessage(params string[] packets) => MessageOf(true, packets);

    public static OutgoingMessage[] Batch(params string[] packets) => [.. packets.Select(packet => Message(packet))];

    public static string[] ReadBody(EngineProtocol protocol, string body) => ReadBody(protocol, Utf8(body), false, NewEncoding());

    /// <summary>Reads a polling body as the transport does: valid UTF-8 or nothing, and packet by packet until one is refused.</summary>
    public static string[] ReadBody(EngineProtocol protocol, ReadOnlyMemory<byte> body, bool isBinary, ClientEncoding encoding)
    {
        if (!isBinary && !System.Text.Unicode.Utf8.IsValid(body.Span)) return [Refused];
        var packets = new List<string>();
        do
        {
            if (!protocol.TryReadPayload(ref body, isBinary, encoding, out var packet)) return [.. packets, Refused];
            packets.Add(Show(packet));
        }
        while (body.Length > 0);

        return [.. packets];
    }

    public static string ReadFrame(EngineProtocol protocol, byte[] frame, bool isBinary) =>
        protocol.TryReadFrame(frame, isBinary, out var packet) ? Show(packet) : Refused;

    public static byte[] WriteBody(EngineProtocol protocol, PayloadForm form, out bool isBinary, params ReadOnlySpan<OutgoingMessage> batch)
    {
        var output = new ArrayBufferWriter<byte>();
        isBinary = protocol.WritePayload(batch, form, output);
        return output.WrittenSpan.ToArray();
    }

    public static string WriteText(EngineProtocol protocol, params ReadOnlySpan<OutgoingMessage> batch)
    {
        var body = WriteBody(protocol, PayloadForm.Text, out var isBinary, batch);
        Assert.False(isBinary);
        return Encoding.UTF8.GetString(body);
    }

    private static OutgoingMessage MessageOf(bool isJson, string[] packets)
    {
        var bytes = packets.Select(BytesOf).ToArray();
        return new(bytes[0], bytes[1..], isJson, isBinary: packets[0].StartsWith(BinaryMark, StringComparison.Ordinal));
    }

    private static byte[] BytesOf(string packet) =>
        packet.StartsWith(BinaryMark, StringComparison.Ordinal) ? Hex(packet[BinaryMark.Length..]) : Utf8(packet);
}

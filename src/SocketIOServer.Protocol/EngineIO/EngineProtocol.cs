using System.Buffers;
using System.Buffers.Text;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>Every difference between the Engine.IO revisions. Stateless; one instance a revision, chosen in the handshake.</summary>
internal abstract class EngineProtocol
{
    public static readonly EngineProtocol V3 = new EngineProtocolV3();
    public static readonly EngineProtocol V4 = new EngineProtocolV4();
    public static readonly IReadOnlyList<EngineProtocol> All = [V3, V4];

    /// <summary>Of the clients that had no need to name theirs.</summary>
    public static EngineProtocol Oldest => V3;

    /// <summary>For people who look at charts and logs; nobody else may compare it.</summary>
    public abstract string Name { get; }

    /// <summary>The server pings and the client answers; otherwise the other way round.</summary>
    public abstract bool ServerPings { get; }

    /// <summary>Served only while AllowEngineIO3 is on.</summary>
    public abstract bool IsLegacy { get; }

    /// <summary>Programs of its time may begin to listen only once their WebSocket is open, and miss what comes in one segment with the 101.</summary>
    public abstract bool ListensLate { get; }

    /// <summary>
    /// The one line that reads a version. Exactly "3" and "4": the reference takes everything else for 3, and then
    /// cannot refuse what the public suites want refused.
    /// </summary>
    /// <param name="eio">EIO of the query; empty where there is none.</param>
    /// <param name="whenMissing">What a client without one speaks; null refuses it.</param>
    public static EngineProtocol? Select(ReadOnlySpan<char> eio, EngineProtocol? whenMissing = null) => eio switch { "3" => V3, "4" => V4, "" => whenMissing, _ => null };

    /// <param name="base64">b64=1 in the first request.</param>
    /// <param name="cacheBuster">The t of the first request: its shape tells client 1.0 to 1.3.</param>
    public abstract ClientEncoding DescribeClient(bool base64, ReadOnlySpan<char> cacheBuster);

    /// <summary>Takes the first packet off a polling body. False: the body is broken, close with "parse error".</summary>
    public abstract bool TryReadPayload(ref ReadOnlyMemory<byte> body, bool isBinaryBody, ClientEncoding encoding, out EnginePacket packet);

    /// <summary>Writes a polling body; true when it came out in the binary form.</summary>
    public abstract bool WritePayload(ReadOnlySpan<OutgoingMessage> batch, PayloadForm form, IBufferWriter<byte> output);

    /// <summary>Reads one WebSocket message.</summary>
    public abstract bool TryReadFrame(ReadOnlyMemory<byte> frame, bool isBinary, out EnginePacket packet);

    /// <summary>The WebSocket message of a packet: its own bytes, or (where the revision adds some) written to the scratch.</summary>
    public abstract ReadOnlyMemory<byte> Frame(in OutgoingPacket packet, bool base64, ArrayBufferWriter<byte> scratch, out bool isBinary);

    // <digit><data>; engine.io-protocol, "Packet encoding". The digits are the same in all revisions.
    protected static bool TryReadText(ReadOnlyMemory<byte> text, out EnginePacket packet)
    {
        packet = default;
        if (text.IsEmpty) return false;
        var type = text.Span[0] - '0';
        if (type is < 0 or > (int)EnginePacketType.Noop) return false;
        packet = new((EnginePacketType)type, text[1..]);
        return true;
    }

    protected static bool TryReadBase64(ReadOnlySpan<byte> base64, out EnginePacket packet)
    {
        packet = default;
        // The decoder skips white space; the protocol has none.
        if (base64.Length % 4 != 0 || base64.IndexOfAny(" \t\r\n"u8) >= 0) return false;
        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (Base64.DecodeFromUtf8(base64, data, out _, out var length) != OperationStatus.Done) return false;
        packet = new(EnginePacketType.Message, data.AsMemory(0, length), isBinary: true);
        return true;
    }

    protected static void WriteBase64(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        var target = output.GetSpan(Base64.GetMaxEncodedToUtf8Length(data.Length));
        Base64.EncodeToUtf8(data, target, out _, out var length);
        output.Advance(length);
    }
}

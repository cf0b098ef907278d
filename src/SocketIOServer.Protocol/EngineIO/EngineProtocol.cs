using System.Buffers;
using System.Buffers.Text;

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>
/// An Engine.IO revision: everything that differs between the revisions. Stateless. There is one instance for each revision, and the handshake selects it.
/// </summary>
internal abstract class EngineProtocol
{
    public static readonly EngineProtocol V3 = new EngineProtocolV3();
    public static readonly EngineProtocol V4 = new EngineProtocolV4();
    public static readonly IReadOnlyList<EngineProtocol> All = [V3, V4];

    /// <summary>The revision of clients that send no revision.</summary>
    public static EngineProtocol Oldest => V3;

    /// <summary>The name for charts and logs. No code may compare it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the server pings and the client answers. Otherwise the client pings.</summary>
    public abstract bool ServerPings { get; }

    /// <summary>Whether the revision is served only if AllowEngineIO3 is true.</summary>
    public abstract bool IsLegacy { get; }

    /// <summary>
    /// Whether a client might receive packets only after its WebSocket is open. It then misses a packet that arrives in one segment with the 101 response.
    /// </summary>
    public abstract bool ListensLate { get; }

    /// <summary>
    /// Selects a revision. This is the only code that reads a version. It accepts exactly "3" and "4". Node's server treats every other value as 3, and
    /// therefore cannot refuse requests that the public test suites require it to refuse.
    /// </summary>
    /// <param name="eio">The value of EIO in the query, or an empty text.</param>
    /// <param name="whenMissing">The revision of a client that sends none. Null refuses such a client.</param>
    public static EngineProtocol? Select(ReadOnlySpan<char> eio, EngineProtocol? whenMissing = null) => eio switch { "3" => V3, "4" => V4, "" => whenMissing, _ => null };

    /// <param name="base64">Whether the first request has b64=1.</param>
    /// <param name="cacheBuster">The value of t in the first request. Its form identifies clients 1.0 to 1.3.</param>
    public abstract ClientEncoding DescribeClient(bool base64, ReadOnlySpan<char> cacheBuster);

    /// <summary>Reads the first packet of a polling body. Returns false if the body is invalid; the session is then closed with "parse error".</summary>
    public abstract bool TryReadPayload(ref ReadOnlyMemory<byte> body, bool isBinaryBody, ClientEncoding encoding, out EnginePacket packet);

    /// <summary>Writes a polling body. Returns true if it has the binary form.</summary>
    public abstract bool WritePayload(ReadOnlySpan<OutgoingMessage> batch, PayloadForm form, IBufferWriter<byte> output);

    /// <summary>Reads one WebSocket message. Returns false if it is invalid.</summary>
    public abstract bool TryReadFrame(ReadOnlyMemory<byte> frame, bool isBinary, out EnginePacket packet);

    /// <summary>Returns the WebSocket message of a packet: the packet's own bytes, or the scratch buffer if the revision adds bytes.</summary>
    public abstract ReadOnlyMemory<byte> Frame(in OutgoingPacket packet, bool base64, ArrayBufferWriter<byte> scratch, out bool isBinary);

    // <digit><data> (engine.io-protocol, "Packet encoding"). The digits are the same in all revisions.
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
        // The decoder skips white space, which the protocol does not allow.
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

using System.Buffers.Text;
using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Makes the one array that a packet is queued, framed and sent from: Engine.IO's digit, the header, the JSON.</summary>
internal static class PacketWriter
{
    // "4", type, ten digits and "-", ",", nineteen digits.
    private const int MaxHeader = 40;

    /// <param name="type">Event and Ack become their binary kinds when there are attachments.</param>
    /// <param name="name">The namespace; empty for "/".</param>
    /// <param name="id">The ack id, or <see cref="SocketPacket.NoId"/>.</param>
    /// <param name="json">The whole payload.</param>
    /// <param name="attachments">In the order of their placeholders.</param>
    public static OutgoingMessage Write(
        SocketPacketType type, ReadOnlySpan<byte> name, long id, ReadOnlySpan<byte> json, byte[][]? attachments = null)
    {
        var isBinary = attachments is { Length: > 0 };
        Span<byte> start = stackalloc byte[MaxHeader];
        start[0] = (byte)'4';
        start[1] = (byte)('0' + (int)(isBinary ? type + (SocketPacketType.BinaryEvent - SocketPacketType.Event) : type));
        var length = 2;
        if (isBinary)
        {
            Utf8Formatter.TryFormat(attachments!.Length, start[length..], out var digits);
            length += digits;
            start[length++] = (byte)'-';
        }

        Span<byte> idText = stackalloc byte[20];
        var idLength = 0;
        if (id >= 0) Utf8Formatter.TryFormat(id, idText, out idLength);

        var comma = name.IsEmpty ? 0 : 1;
        var head = GC.AllocateUninitializedArray<byte>(length + name.Length + comma + idLength + json.Length);
        var rest = head.AsSpan();
        Append(ref rest, start[..length]);
        Append(ref rest, name);
        if (comma > 0) Append(ref rest, ","u8);
        Append(ref rest, idText[..idLength]);
        Append(ref rest, json);

        // A namespace is not JSON: where it is not ASCII, \uXXXX would change the packet (PROTOCOL 1.6).
        return new(head, attachments, isJson: Ascii.IsValid(name));
    }

    private static void Append(ref Span<byte> rest, scoped ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}

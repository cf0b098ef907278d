using System.Buffers.Text;
using System.Text;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// The JSON encoding, which every client uses by default. A packet is a text with the digit of Engine.IO, the header and the JSON, followed by one message for
/// each attachment (socket.io-protocol, "Packet encoding").
/// </summary>
internal sealed class JsonPacketParser : PacketParser
{
    // "4", type, ten digits and "-", ",", nineteen digits.
    private const int MaxHeader = 40;

    internal override bool IsBuiltIn => true;

    public override PacketDecoder CreateDecoder(PacketLimits limits) => new JsonPacketDecoder(limits);

    public override OutgoingMessage Write(
        SocketPacketType type, ReadOnlySpan<byte> name, long id, ReadOnlySpan<byte> json, byte[][] attachments)
    {
        var isBinary = attachments.Length > 0;
        Span<byte> start = stackalloc byte[MaxHeader];
        start[0] = (byte)'4';
        start[1] = (byte)('0' + (int)(isBinary ? type + (SocketPacketType.BinaryEvent - SocketPacketType.Event) : type));
        var length = 2;
        if (isBinary)
        {
            Utf8Formatter.TryFormat(attachments.Length, start[length..], out var digits);
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

        // A namespace is not JSON. If it is not ASCII, \uXXXX, which text polling of Engine.IO 3 needs, would change the name.
        return new(head, attachments, isJson: Ascii.IsValid(name));
    }

    internal override PacketBody BodyOf(OutgoingMessage @event, ReadOnlySpan<byte> name)
    {
        // "42" or "45<count>-", then "<namespace>," unless it is "/".
        var start = @event.Attachments.Length == 0 ? 2 : @event.Head.Bytes.IndexOf((byte)'-') + 1;
        if (!name.IsEmpty) start += name.Length + 1;
        return new(@event.Head.Bytes.AsMemory(start), @event.Attachments);
    }

    internal override (ReadOnlyMemory<byte> Json, IReadOnlyList<ReadOnlyMemory<byte>> Attachments) ReadEvent(OutgoingMessage @event, ReadOnlySpan<byte> name) =>
        (BodyOf(@event, name).Payload, Array.ConvertAll(@event.Attachments, static attachment => (ReadOnlyMemory<byte>)attachment));

    internal override (OutgoingMessage Event, int TextAt) WithText(OutgoingMessage @event, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        // The head ends with the array. What another server has written may have white space behind it.
        var rest = @event.Head.Bytes.AsSpan().TrimEnd(" \t\r\n"u8)[..^1];
        var head = GC.AllocateUninitializedArray<byte>(rest.Length + text.Length + 4);
        rest.CopyTo(head);
        ",\""u8.CopyTo(head.AsSpan(rest.Length));
        text.CopyTo(head.AsSpan(rest.Length + 2));
        "\"]"u8.CopyTo(head.AsSpan(rest.Length + 2 + text.Length));
        return (new(head, @event.Attachments, @event.IsJson), rest.Length + 2);
    }

    private static void Append(ref Span<byte> rest, scoped ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}

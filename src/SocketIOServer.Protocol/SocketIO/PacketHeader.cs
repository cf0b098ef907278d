namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// The part of a packet before its JSON: <c>&lt;type&gt;[&lt;attachments&gt;-][&lt;namespace&gt;,][&lt;ack id&gt;]</c> (socket.io-protocol, "Packet encoding").
/// Clients 1.x omit the comma if nothing follows the namespace.
/// </summary>
internal readonly struct PacketHeader
{
    public SocketPacketType Type { get; private init; }

    public int Attachments { get; private init; }

    public Range Namespace { get; private init; }

    public long Id { get; private init; }

    /// <summary>The position at which the JSON begins.</summary>
    public int Length { get; private init; }

    public static bool TryRead(ReadOnlySpan<byte> text, int maxAttachments, out PacketHeader header)
    {
        header = default;
        if (text.IsEmpty || text[0] is < (byte)'0' or > (byte)'6') return false;
        var type = (SocketPacketType)(text[0] - '0');
        var at = 1;

        var attachments = 0L;
        if (type is SocketPacketType.BinaryEvent or SocketPacketType.BinaryAck)
        {
            // Zero is refused, because such a packet would never be complete and would collect all later data (CVE-2026-69185).
            if (!TryReadDigits(text, ref at, maxAttachments, out attachments) || attachments == 0) return false;
            if (at == text.Length || text[at++] != '-') return false;
        }

        var name = new Range(at, at);
        if (at < text.Length && text[at] == '/')
        {
            var comma = text[at..].IndexOf((byte)',');
            var end = comma < 0 ? text.Length : at + comma;
            name = new(at, end);
            at = comma < 0 ? end : end + 1;
        }

        var id = SocketPacket.NoId;
        if (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9' && !TryReadDigits(text, ref at, SocketPacket.MaxId, out id)) return false;

        header = new() { Type = type, Attachments = (int)attachments, Namespace = name, Id = id, Length = at };
        return true;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, ref int at, long max, out long value)
    {
        value = 0;
        var start = at;
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            value = value * 10 + (text[at] - '0');
            if (value > max) return false;
        }

        return at > start;
    }
}

namespace SocketIOServer.Protocol.SocketIO.MessagePack;

/// <summary>
/// Reads packets of socket.io-msgpack-parser 3. The keys can be in any order, but each only once. Unknown keys, such as the client's "options", are skipped.
/// </summary>
internal class MessagePackDecoder(PacketLimits limits) : PacketDecoder(limits)
{
    public sealed override DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet)
    {
        packet = default;
        Fault = isBinary && data.Length > Limits.MaxPacketBytes ? PacketFault.PacketBytes : PacketFault.Malformed;
        var isPacket = isBinary
            ? Fault == PacketFault.Malformed && TryReadPacket(data, out packet)
            : TryReadText(data, out packet);
        return isPacket ? DecodeResult.Complete : DecodeResult.Invalid;
    }

    /// <summary>A text message.</summary>
    protected virtual bool TryReadText(ReadOnlyMemory<byte> text, out SocketPacket packet)
    {
        packet = default;
        return false;
    }

    private bool TryReadPacket(ReadOnlyMemory<byte> bytes, out SocketPacket packet)
    {
        packet = default;
        var reader = new MessagePackReader(bytes.Span);
        if (!reader.TryRead() || reader.Kind != MessagePackKind.Map) return false;
        var type = -1L;
        var id = SocketPacket.NoId;
        var name = ReadOnlyMemory<byte>.Empty;
        var data = ReadOnlySpan<byte>.Empty;
        var seen = 0;
        for (var pairs = reader.Count; pairs > 0; pairs--)
        {
            if (!reader.TryRead() || reader.Kind != MessagePackKind.Text) return false;
            var key = reader.Bytes;
            var start = reader.Position;
            if (!reader.TrySkip()) return false;
            var value = bytes[start..reader.Position];
            var flag = FlagOf(key);
            if ((seen & flag) != 0) return false;
            seen |= flag;
            if (key.SequenceEqual("data"u8)) data = value.Span;
            else if (key.SequenceEqual("nsp"u8) && !TryReadName(value, out name)) return false;
            else if (key.SequenceEqual("type"u8) && !TryReadInteger(value.Span, (long)SocketPacketType.BinaryAck, out type)) return false;
            else if (key.SequenceEqual("id"u8) && !IsNothing(value.Span) && !TryReadInteger(value.Span, SocketPacket.MaxId, out id)) return false;
        }

        return type >= 0 && !name.IsEmpty && reader.IsAtEnd && TryReadData((SocketPacketType)type, name, id, data, out packet);
    }

    // 0: an unknown key.
    private static int FlagOf(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("data"u8)) return 1;
        if (key.SequenceEqual("type"u8)) return 2;
        if (key.SequenceEqual("nsp"u8)) return 4;
        return key.SequenceEqual("id"u8) ? 8 : 0;
    }

    private bool TryReadData(SocketPacketType type, ReadOnlyMemory<byte> name, long id, ReadOnlySpan<byte> data, out SocketPacket packet)
    {
        if (data.IsEmpty || IsNothing(data)) return TryCreateFromCheckedParts(type, name, id, default, NoAttachments, out packet);
        packet = default;
        using var scratch = ByteScratch.Take();
        var transcoder = new JsonTranscoder(new(data), Limits, scratch);
        if (!transcoder.TryWrite())
        {
            Fault = transcoder.Fault;
            return false;
        }

        // Binary packet types exist only for events and acks. No other packet can contain binary data.
        var isPlain = type is SocketPacketType.Connect or SocketPacketType.Disconnect or SocketPacketType.ConnectError;
        if (isPlain && transcoder.Attachments is not null) return false;
        return TryCreateFromCheckedParts(type, name, id, scratch.Written.ToArray(), transcoder.Attachments ?? NoAttachments, out packet);
    }

    private static bool TryReadName(ReadOnlyMemory<byte> value, out ReadOnlyMemory<byte> name)
    {
        var reader = new MessagePackReader(value.Span);
        name = reader.TryRead() && reader.Kind == MessagePackKind.Text ? value[^reader.Bytes.Length..] : default;
        return IsName(name.Span);
    }

    private static bool TryReadInteger(ReadOnlySpan<byte> value, long max, out long integer)
    {
        var reader = new MessagePackReader(value);
        integer = reader.TryRead() && reader.Kind == MessagePackKind.Integer ? reader.Integer : -1;
        return integer >= 0 && integer <= max;
    }

    // If a packet has no data or no id, notepack.io writes its undefined. Other encoders write nil.
    private static bool IsNothing(ReadOnlySpan<byte> value) => value[0] == 0xc0 || value.SequenceEqual((ReadOnlySpan<byte>)[0xd4, 0, 0]);
}

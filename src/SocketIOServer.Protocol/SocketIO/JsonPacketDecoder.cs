namespace SocketIOServer.Protocol.SocketIO;

/// <summary>
/// The decoder of the JSON encoding. It reads headers, and collects the attachments of the one packet that can wait for them. It keeps binary data only while a
/// header is waiting for it (CVE-2026-69185), and never more than the limits allow.
/// </summary>
internal sealed class JsonPacketDecoder(PacketLimits limits) : PacketDecoder(limits)
{
    private SocketPacket _waiting;
    private ReadOnlyMemory<byte>[]? _attachments;
    private int[] _references = [];
    private int _received;
    private long _bytes;
    private long _kept;

    public override long WaitingBytes => _attachments is not null && _waiting.Type == SocketPacketType.Event ? _kept : 0;

    public bool IsWaiting => _attachments is not null;

    public override DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet)
    {
        Fault = PacketFault.Malformed;
        if (isBinary) return AddAttachment(data, out packet);
        packet = default;
        return IsWaiting ? DecodeResult.Invalid : ReadText(data, out packet);
    }

    private DecodeResult ReadText(ReadOnlyMemory<byte> text, out SocketPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(text.Span, Limits.MaxAttachments, out var header))
        {
            if (PacketHeader.TryRead(text.Span, int.MaxValue, out _)) Fault = PacketFault.Attachments;
            return DecodeResult.Invalid;
        }

        var json = Surrogates.Repair(text[header.Length..]);
        if (!TryCreateFromCheckedParts(header.Type, text[header.Namespace], header.Id, json, NoAttachments, out packet)) return DecodeResult.Invalid;
        if (header.Attachments == 0) return DecodeResult.Complete;
        var references = new int[header.Attachments];
        if (!Placeholders.TryCount(json.Span, references, Limits.MaxJsonDepth)) return DecodeResult.Invalid;

        _waiting = packet.ToOwned();
        _references = references;
        _bytes = text.Length;
        _kept = json.Length;
        _received = 0;
        _attachments = new ReadOnlyMemory<byte>[header.Attachments];
        return DecodeResult.Pending;
    }

    private DecodeResult AddAttachment(ReadOnlyMemory<byte> data, out SocketPacket packet)
    {
        packet = _waiting;
        if (_attachments is null) return DecodeResult.Invalid;
        // Counted once for each reference, because a type that cannot share memory, such as base64 text, contains it that many times.
        _bytes += (long)data.Length * Math.Max(1, _references[_received]);
        if (_bytes > Limits.MaxPacketBytes)
        {
            Fault = PacketFault.PacketBytes;
            return DecodeResult.Invalid;
        }

        _kept += data.Length;
        _attachments[_received++] = data.ToArray();
        if (_received < _attachments.Length) return DecodeResult.Pending;

        packet = _waiting.With(_attachments);
        _attachments = null;
        _waiting = default;
        return DecodeResult.Complete;
    }
}

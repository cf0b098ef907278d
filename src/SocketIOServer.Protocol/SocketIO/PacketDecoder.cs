using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>What became of one message.</summary>
internal enum DecodeResult
{
    /// <summary>Not a packet: close with "parse error".</summary>
    Invalid,

    /// <summary>A head whose attachments are still to come.</summary>
    Pending,

    /// <summary>A whole packet.</summary>
    Complete,
}

/// <summary>
/// One client's decoder: reads heads, and collects the attachments of the one packet that may wait for them.
/// Binary data is kept only while a head is waiting for it (CVE-2026-69185), and never more than the limits allow.
/// </summary>
internal sealed class PacketDecoder(PacketLimits limits)
{
    private static readonly IReadOnlyList<ReadOnlyMemory<byte>> NoAttachments = [];

    private SocketPacket _waiting;
    private ReadOnlyMemory<byte>[]? _attachments;
    private int _received;
    private long _bytes;

    public bool IsWaiting => _attachments is not null;

    /// <summary>Takes one Engine.IO message. With Pending the packet is the head, so that it may be judged before more is kept.</summary>
    public DecodeResult Add(in EnginePacket message, out SocketPacket packet)
    {
        if (message.IsBinary) return AddAttachment(message.Data, out packet);
        packet = default;
        return IsWaiting ? DecodeResult.Invalid : ReadText(message.Data, out packet);
    }

    private DecodeResult ReadText(ReadOnlyMemory<byte> text, out SocketPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(text.Span, limits.Attachments, out var header)) return DecodeResult.Invalid;
        var json = Surrogates.Repair(text[header.Length..]);
        var name = ReadOnlyMemory<byte>.Empty;
        var argumentsStart = 1;
        var isValid = header.Type switch
        {
            SocketPacketType.Connect => json.IsEmpty || JsonCheck.IsObject(json.Span, limits.JsonDepth),
            SocketPacketType.Disconnect => json.IsEmpty,
            SocketPacketType.Event or SocketPacketType.BinaryEvent => JsonCheck.TryReadEvent(json, limits.JsonDepth, out name, out argumentsStart),
            SocketPacketType.Ack or SocketPacketType.BinaryAck => header.Id >= 0 && JsonCheck.IsArray(json.Span, limits.JsonDepth),
            // CONNECT_ERROR is the server's word.
            _ => false,
        };
        if (!isValid) return DecodeResult.Invalid;

        packet = new()
        {
            Type = header.Type switch
            {
                SocketPacketType.BinaryEvent => SocketPacketType.Event,
                SocketPacketType.BinaryAck => SocketPacketType.Ack,
                var type => type,
            },
            Namespace = text[header.Namespace],
            Id = header.Id,
            Json = json,
            Name = name,
            ArgumentsStart = argumentsStart,
            Attachments = NoAttachments,
        };
        if (header.Attachments == 0) return DecodeResult.Complete;
        if (!Placeholders.AreWithin(json.Span, header.Attachments, limits.JsonDepth)) return DecodeResult.Invalid;

        _waiting = packet.ToOwned();
        _bytes = text.Length;
        _received = 0;
        _attachments = new ReadOnlyMemory<byte>[header.Attachments];
        return DecodeResult.Pending;
    }

    private DecodeResult AddAttachment(ReadOnlyMemory<byte> data, out SocketPacket packet)
    {
        packet = _waiting;
        if (_attachments is null || (_bytes += data.Length) > limits.PacketBytes) return DecodeResult.Invalid;
        _attachments[_received++] = data.ToArray();
        if (_received < _attachments.Length) return DecodeResult.Pending;

        packet = new()
        {
            Type = _waiting.Type,
            Namespace = _waiting.Namespace,
            Id = _waiting.Id,
            Json = _waiting.Json,
            Name = _waiting.Name,
            ArgumentsStart = _waiting.ArgumentsStart,
            Attachments = _attachments,
        };
        _attachments = null;
        _waiting = default;
        return DecodeResult.Complete;
    }
}

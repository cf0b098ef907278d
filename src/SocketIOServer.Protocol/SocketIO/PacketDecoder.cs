using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>One client's decoder: messages to packets, never more kept than the limits allow.</summary>
internal abstract class PacketDecoder(PacketLimits limits)
{
    protected static readonly IReadOnlyList<ReadOnlyMemory<byte>> NoAttachments = [];

    protected PacketLimits Limits => limits;

    /// <summary>Bytes kept of an event that waits for more attachments; of an ack, which nobody waits to handle, and otherwise, 0.</summary>
    public virtual long WaitingBytes => 0;

    /// <summary>Why the last message was not accepted.</summary>
    public PacketFault Fault { get; protected set; }

    /// <summary>Takes one Engine.IO message. With Pending the packet is the head, so that it may be judged before more is kept.</summary>
    public abstract DecodeResult Add(in EnginePacket message, out SocketPacket packet);

    /// <summary>Makes a packet of its parts, if its payload is what one of its type may have. The rules are those of every encoding.</summary>
    protected bool TryMake(
        SocketPacketType type, ReadOnlyMemory<byte> name, long id, ReadOnlyMemory<byte> json, IReadOnlyList<ReadOnlyMemory<byte>> attachments, out SocketPacket packet)
    {
        packet = default;
        var eventName = ReadOnlyMemory<byte>.Empty;
        var argumentsStart = 1;
        var isValid = type switch
        {
            SocketPacketType.Connect => json.IsEmpty || JsonCheck.IsPlainObject(json, limits.JsonDepth),
            SocketPacketType.Disconnect => json.IsEmpty,
            SocketPacketType.Event or SocketPacketType.BinaryEvent => JsonCheck.TryReadEvent(json, limits.JsonDepth, out eventName, out argumentsStart),
            SocketPacketType.Ack or SocketPacketType.BinaryAck => id >= 0 && JsonCheck.IsArray(json.Span, limits.JsonDepth),
            SocketPacketType.ConnectError => limits.TakesRefusals && JsonCheck.IsObject(json.Span, limits.JsonDepth),
            _ => false,
        };
        if (!isValid)
        {
            Fault = JsonCheck.IsDeeperThan(json.Span, limits.JsonDepth) ? PacketFault.JsonDepth
                : JsonCheck.IsReserved(eventName.Span) ? PacketFault.ReservedName
                : PacketFault.Malformed;
            return false;
        }

        packet = new()
        {
            Type = type switch
            {
                SocketPacketType.BinaryEvent => SocketPacketType.Event,
                SocketPacketType.BinaryAck => SocketPacketType.Ack,
                _ => type,
            },
            Namespace = name,
            Id = id,
            Json = json,
            Name = eventName,
            ArgumentsStart = argumentsStart,
            Attachments = attachments,
        };
        return true;
    }
}

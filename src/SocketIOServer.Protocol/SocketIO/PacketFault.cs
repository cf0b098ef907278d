namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Why a message is not accepted as a packet.</summary>
internal enum PacketFault
{
    /// <summary>The message is not a valid packet of this encoding.</summary>
    Malformed,

    /// <summary>The packet has more attachments than <see cref="PacketLimits.MaxAttachments"/>.</summary>
    Attachments,

    /// <summary>The packet has more bytes than <see cref="PacketLimits.MaxPacketBytes"/>.</summary>
    PacketBytes,

    /// <summary>The packet's JSON is deeper than <see cref="PacketLimits.MaxJsonDepth"/>.</summary>
    JsonDepth,

    /// <summary>The name of the event is reserved for client and server, such as "connect".</summary>
    ReservedName,
}

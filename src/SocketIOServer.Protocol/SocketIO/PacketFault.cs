namespace SocketIOServer.Protocol.SocketIO;

/// <summary>Why a message is not accepted as a packet.</summary>
internal enum PacketFault
{
    /// <summary>It is not a valid packet of this encoding.</summary>
    Malformed,

    /// <summary>More than <see cref="PacketLimits.MaxAttachments"/>.</summary>
    Attachments,

    /// <summary>More than <see cref="PacketLimits.MaxPacketBytes"/>.</summary>
    PacketBytes,

    /// <summary>More than <see cref="PacketLimits.MaxJsonDepth"/>.</summary>
    JsonDepth,

    /// <summary>An event with a name that the two ends use among themselves, such as "connect".</summary>
    ReservedName,
}

namespace SocketIOServer;

/// <summary>The result of <see cref="PacketDecoder"/> for a message.</summary>
public enum DecodeResult
{
    /// <summary>The message is not a packet, or exceeds a limit. The connection is closed with "parse error".</summary>
    Invalid,

    /// <summary>The message is the beginning of a packet whose attachments are still to come.</summary>
    Pending,

    /// <summary>The packet is complete.</summary>
    Complete,
}

namespace SocketIOServer;

/// <summary>What a <see cref="PacketDecoder"/> has made of a message.</summary>
public enum DecodeResult
{
    /// <summary>The message is not a packet, or breaks a limit. The connection is closed with "parse error".</summary>
    Invalid,

    /// <summary>The message is the beginning of a packet whose attachments are still to come.</summary>
    Pending,

    /// <summary>The packet is complete.</summary>
    Complete,
}

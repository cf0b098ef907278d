namespace SocketIOServer;

/// <summary>The limits of one packet of a client. A <see cref="PacketDecoder"/> must enforce them.</summary>
public sealed record PacketLimits
{
    internal PacketLimits(int attachments, long packetBytes, int jsonDepth, bool takesRefusals = false)
    {
        MaxAttachments = attachments;
        MaxPacketBytes = packetBytes;
        MaxJsonDepth = jsonDepth;
        TakesRefusals = takesRefusals;
    }

    /// <summary>The largest number of binary arguments.</summary>
    public int MaxAttachments { get; internal init; }

    /// <summary>The largest size in bytes, including all attachments.</summary>
    public long MaxPacketBytes { get; internal init; }

    /// <summary>The largest nesting depth of the payload.</summary>
    public int MaxJsonDepth { get; internal init; }

    /// <summary>Whether CONNECT_ERROR is accepted. Only a server sends it, so only a client's side accepts it.</summary>
    internal bool TakesRefusals { get; init; }
}

namespace SocketIOServer;

/// <summary>What a client may send in one packet. A <see cref="PacketDecoder"/> keeps to it.</summary>
public sealed record PacketLimits
{
    internal PacketLimits(int attachments, long packetBytes, int jsonDepth, bool takesRefusals = false)
    {
        MaxAttachments = attachments;
        MaxPacketBytes = packetBytes;
        MaxJsonDepth = jsonDepth;
        TakesRefusals = takesRefusals;
    }

    /// <summary>The most binary arguments.</summary>
    public int MaxAttachments { get; internal init; }

    /// <summary>The most bytes, with all attachments.</summary>
    public long MaxPacketBytes { get; internal init; }

    /// <summary>The deepest nesting of the payload.</summary>
    public int MaxJsonDepth { get; internal init; }

    /// <summary>CONNECT_ERROR is taken: it comes from a server, so only the client's side takes it.</summary>
    internal bool TakesRefusals { get; init; }
}

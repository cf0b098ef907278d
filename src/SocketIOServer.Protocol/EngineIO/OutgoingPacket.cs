namespace SocketIOServer.Protocol.EngineIO;

/// <summary>
/// A packet in the bytes it leaves as. Text: the type digit and UTF-8, the same for both revisions and all transports.
/// Binary: the data alone; it is always a message, and only the framing says so.
/// </summary>
internal readonly struct OutgoingPacket(byte[] bytes, bool isBinary)
{
    public byte[] Bytes { get; } = bytes;

    public bool IsBinary { get; } = isBinary;
}

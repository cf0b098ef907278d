namespace SocketIOServer.Protocol.EngineIO;

/// <summary>
/// The bytes of a packet that is sent. Text: the type digit and UTF-8, the same for both revisions and all transports. Binary: only the data of a message; the
/// framing marks it as binary.
/// </summary>
internal readonly struct OutgoingPacket(byte[] bytes, bool isBinary)
{
    public byte[] Bytes { get; } = bytes;

    public bool IsBinary { get; } = isBinary;
}

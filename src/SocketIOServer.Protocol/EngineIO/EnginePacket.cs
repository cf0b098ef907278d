namespace SocketIOServer.Protocol.EngineIO;

/// <summary>A packet as it came in. Its data is borrowed: valid until the call that was given it returns.</summary>
internal readonly struct EnginePacket(EnginePacketType type, ReadOnlyMemory<byte> data, bool isBinary = false)
{
    public EnginePacketType Type { get; } = type;

    public ReadOnlyMemory<byte> Data { get; } = data;

    public bool IsBinary { get; } = isBinary;
}

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>A received packet. Its data is valid until the method that received it returns.</summary>
internal readonly struct EnginePacket(EnginePacketType type, ReadOnlyMemory<byte> data, bool isBinary = false)
{
    public EnginePacketType Type { get; } = type;

    public ReadOnlyMemory<byte> Data { get; } = data;

    public bool IsBinary { get; } = isBinary;
}

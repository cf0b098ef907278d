namespace SocketIOServer.Protocol.SocketIO;

/// <summary>The packet types of both Socket.IO revisions; the value is the digit on the wire.</summary>
internal enum SocketPacketType : byte
{
    Connect,
    Disconnect,
    Event,
    Ack,
    ConnectError,
    BinaryEvent,
    BinaryAck,
}

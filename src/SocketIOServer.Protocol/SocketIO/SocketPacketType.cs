namespace SocketIOServer;

/// <summary>The packet types of both Socket.IO revisions. The value is the digit on the wire (socket.io-protocol, "Packet types").</summary>
public enum SocketPacketType : byte
{
    /// <summary>A client asks to join a namespace, or the server accepts it.</summary>
    Connect,

    /// <summary>One side leaves the namespace.</summary>
    Disconnect,

    /// <summary>An event. The payload is an array that begins with its name.</summary>
    Event,

    /// <summary>The ack of an event. The payload is the array of its arguments.</summary>
    Ack,

    /// <summary>The server refuses a client.</summary>
    ConnectError,

    /// <summary>An event with attachments in the encoding of <see cref="PacketParser.Json"/>. In all other places it is an <see cref="Event"/>.</summary>
    BinaryEvent,

    /// <summary>An ack with attachments in the encoding of <see cref="PacketParser.Json"/>. In all other places it is an <see cref="Ack"/>.</summary>
    BinaryAck,
}

namespace SocketIOServer.Protocol.EngineIO;

/// <summary>The packet types of both Engine.IO revisions. The value is the digit on the wire.</summary>
internal enum EnginePacketType : byte
{
    Open,
    Close,
    Ping,
    Pong,
    Message,
    Upgrade,
    Noop,
}

namespace SocketIOServer.Protocol.SocketIO;

/// <summary>What a client may send in one packet.</summary>
internal sealed record PacketLimits(int Attachments, long PacketBytes, int JsonDepth);

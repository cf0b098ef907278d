namespace SocketIOServer.Protocol.SocketIO;

/// <summary>What a client may send in one packet.</summary>
/// <param name="Attachments">Binary arguments.</param>
/// <param name="PacketBytes">With all attachments.</param>
/// <param name="JsonDepth">Nesting of the payload.</param>
/// <param name="TakesRefusals">CONNECT_ERROR is the server's word: for who stands on the client's side.</param>
internal sealed record PacketLimits(int Attachments, long PacketBytes, int JsonDepth, bool TakesRefusals = false);

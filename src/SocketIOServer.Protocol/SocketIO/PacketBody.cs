namespace SocketIOServer.Protocol.SocketIO;

/// <summary>What an event says, without to whom and with which ack id: made once, sent in many packets.</summary>
/// <param name="Payload">In the encoding of the parser that made it.</param>
/// <param name="Attachments">What that encoding does not carry inside.</param>
internal readonly record struct PacketBody(byte[] Payload, byte[][] Attachments);

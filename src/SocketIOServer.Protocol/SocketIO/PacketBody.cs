namespace SocketIOServer.Protocol.SocketIO;

/// <summary>The part of an event that does not depend on its receiver and its ack id. It is encoded once and sent in many packets.</summary>
/// <param name="Payload">The payload in the encoding of the parser that wrote it.</param>
/// <param name="Attachments">The binary data that the payload does not contain.</param>
internal readonly record struct PacketBody(ReadOnlyMemory<byte> Payload, byte[][] Attachments);

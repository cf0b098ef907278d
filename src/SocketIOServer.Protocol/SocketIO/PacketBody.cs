namespace SocketIOServer.Protocol.SocketIO;

/// <summary>The part of an event that does not depend on its receiver and its ack id: encoded once, sent in many packets.</summary>
/// <param name="Payload">In the encoding of the parser that made it.</param>
/// <param name="Attachments">What that encoding does not carry inside.</param>
internal readonly record struct PacketBody(ReadOnlyMemory<byte> Payload, byte[][] Attachments);

namespace SocketIOServer.Json;

/// <summary>What an event says, without to whom and with which ack id: made once, sent in many packets.</summary>
internal readonly record struct EventBody(byte[] Json, byte[][] Attachments);

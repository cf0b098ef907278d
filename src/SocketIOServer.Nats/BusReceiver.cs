namespace SocketIOServer.Nats;

/// <summary>Takes a message of a channel; the bytes are borrowed until it returns.</summary>
internal delegate void BusReceiver(string channel, ReadOnlySpan<byte> message);

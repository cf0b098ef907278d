namespace SocketIOServer.Cluster;

/// <summary>Takes a message of a channel. The bus calls it on the thread that reads, in the order of the channel; it must not wait.</summary>
/// <param name="channel">The channel that the message was published to.</param>
/// <param name="message">The message. Borrowed: valid until the handler returns.</param>
public delegate void BusHandler(string channel, ReadOnlySpan<byte> message);

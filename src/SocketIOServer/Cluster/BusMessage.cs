namespace SocketIOServer.Cluster;

/// <summary>A message on its way to the engine.</summary>
/// <param name="Channel">The channel that it is published to.</param>
/// <param name="Body">Its bytes.</param>
public readonly record struct BusMessage(string Channel, ReadOnlyMemory<byte> Body);

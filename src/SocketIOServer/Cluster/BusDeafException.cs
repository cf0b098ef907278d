namespace SocketIOServer.Cluster;

/// <summary>The connection is open, but the probe did not come back.</summary>
internal sealed class BusDeafException(string message) : Exception(message);

namespace SocketIOServer;

/// <summary>A server of a cluster, as the servers tell each other.</summary>
/// <param name="Id">Four characters that the server has drawn when it started.</param>
/// <param name="Name"><see cref="Cluster.ClusterOptions.NodeName"/>.</param>
public sealed record ClusterMember(string Id, string Name);

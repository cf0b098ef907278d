namespace SocketIOServer;

/// <summary>How many sockets a set has: what <see cref="IBroadcast.CountSocketsAsync"/> returns.</summary>
/// <param name="Count">The sockets of this server and of those that have answered.</param>
/// <param name="MissingNodes">The names of the servers of the cluster that did not answer in time: their sockets are not counted. Empty without a cluster.</param>
public readonly record struct SocketCount(int Count, IReadOnlyList<string> MissingNodes);

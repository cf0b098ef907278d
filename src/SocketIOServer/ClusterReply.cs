namespace SocketIOServer;

/// <summary>The answers of the other servers of a cluster to an event.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
/// <param name="Replies">
/// The answers, by the id of the server: <see cref="ClusterMember.Id"/> in <see cref="ISocketCluster.Nodes"/>. Servers of Node have other ids; those with
/// @socket.io/redis-adapter do not say who they are, and their answers have the keys "/1", "/2" and so on.
/// </param>
/// <param name="MissingNodes">
/// The names of servers that did not answer in time, have no handler for the event, whose handler failed, or that answered with another type.
/// </param>
public sealed record ClusterReply<T>(IReadOnlyDictionary<string, T> Replies, IReadOnlyList<string> MissingNodes);

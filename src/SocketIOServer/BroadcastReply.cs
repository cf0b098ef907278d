namespace SocketIOServer;

/// <summary>The answers to an event that was sent to a set of sockets: what <c>CallAsync</c> of a set returns.</summary>
/// <typeparam name="T">The type of the answers.</typeparam>
/// <param name="Replies">The answers, by socket id.</param>
/// <param name="Missing">The ids of the sockets that were asked and left, did not answer in time, or answered with another type.</param>
public sealed record BroadcastReply<T>(IReadOnlyDictionary<string, T> Replies, IReadOnlyList<string> Missing)
{
    /// <summary>The names of the servers of the cluster that did not say in time which sockets they have asked. Empty without a cluster.</summary>
    public IReadOnlyList<string> MissingNodes { get; init; } = [];
}

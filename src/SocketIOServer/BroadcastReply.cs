namespace SocketIOServer;

/// <summary>What came of an event that was sent to many and asked each for an ack.</summary>
/// <param name="Replies">The answers, by socket id.</param>
/// <param name="Missing">The ids of those that left, did not answer in time, or answered something else than was asked for.</param>
public sealed record BroadcastReply<T>(IReadOnlyDictionary<string, T> Replies, IReadOnlyList<string> Missing);

namespace SocketIOServer.Cluster;

/// <summary>What a bus has done since it was started, for metrics.</summary>
/// <param name="Published">Messages that were handed to the engine.</param>
/// <param name="Received">Messages that were handed to handlers.</param>
/// <param name="Dropped">Messages that were not published, because the queue was full or the bus was not connected.</param>
/// <param name="QueuedMessages">Messages that wait to be published now.</param>
/// <param name="QueuedBytes">The memory that they take, in bytes.</param>
/// <param name="Uncertain">
/// Messages whose publication failed on the way, so that nobody knows whether the engine has them. They are not published again. Every message that the program
/// publishes is counted once: as published, as dropped, as uncertain, or as queued.
/// </param>
public readonly record struct BusStatistics(long Published, long Received, long Dropped, int QueuedMessages, long QueuedBytes, long Uncertain = 0);

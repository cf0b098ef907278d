namespace SocketIOServer;

/// <summary>What one inbox may hold.</summary>
/// <param name="MaxAge">How long the message that is added is kept. It is the same for all messages of an inbox.</param>
/// <param name="MaxMessages">The number of messages.</param>
/// <param name="MaxBytes">The size of all messages of the inbox in bytes.</param>
public readonly record struct InboxLimits(TimeSpan MaxAge, int MaxMessages, long MaxBytes);

namespace SocketIOServer;

/// <summary>A durable event was not kept and is not sent, because the inbox of its receiver is full.</summary>
/// <param name="message">Which limit was reached.</param>
public sealed class InboxFullException(string message) : Exception(message);

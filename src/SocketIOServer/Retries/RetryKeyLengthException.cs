namespace SocketIOServer.Retries;

/// <summary>The key of an event is empty or too long.</summary>
internal sealed class RetryKeyLengthException() : Exception($"A key has 1 to {RetryKeySlot.MaxLength} characters.");

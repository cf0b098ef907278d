namespace SocketIOServer;

/// <summary>A handler returns it to send an ack with any number of arguments. A tuple does the same for a fixed number.</summary>
/// <param name="Values">The arguments of the client's callback, in order.</param>
public sealed record AckArguments(params IReadOnlyList<object?> Values);

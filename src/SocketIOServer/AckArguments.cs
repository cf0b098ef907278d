namespace SocketIOServer;

/// <summary>Returned by a handler to answer with any number of arguments; a tuple does the same for a fixed number.</summary>
/// <param name="Values">The arguments of the client's callback, in order.</param>
public sealed record AckArguments(params IReadOnlyList<object?> Values);

namespace SocketIOServer.Retries;

/// <summary>What tells one event of an owner from the others.</summary>
/// <param name="Event">The name of the event.</param>
/// <param name="Handler">Which handler of the event, because each handles it once.</param>
/// <param name="Key">The text that the client has given it.</param>
internal readonly record struct RetriedEvent(string Event, int Handler, string Key);

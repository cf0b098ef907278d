namespace SocketIOServer.Adapters;

/// <summary>An event that <see cref="EventLog"/> keeps.</summary>
/// <param name="Message">As clients get it, with its offset.</param>
/// <param name="Target">For whom it was.</param>
/// <param name="Time">When it was sent: a timestamp of the server's clock.</param>
internal readonly record struct LoggedEvent(OutgoingMessage Message, Target Target, long Time);

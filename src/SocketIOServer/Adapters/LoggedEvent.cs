namespace SocketIOServer.Adapters;

/// <summary>An event that <see cref="EventLog"/> keeps.</summary>
/// <param name="Id">Its position.</param>
/// <param name="Message">As clients get it, with its offset.</param>
/// <param name="OffsetAt">Where the offset is in the head of the message.</param>
/// <param name="IsRepeated">It was repeated for the client of a session that came from another server.</param>
/// <param name="Target">For whom it was.</param>
/// <param name="Origin">Who has sent it.</param>
/// <param name="Time">When it was sent: a timestamp of the server's clock.</param>
internal readonly record struct LoggedEvent(EntryId Id, OutgoingMessage Message, int OffsetAt, bool IsRepeated, Target Target, EventOrigin Origin, long Time);

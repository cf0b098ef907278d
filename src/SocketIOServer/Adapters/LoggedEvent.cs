namespace SocketIOServer.Adapters;

/// <summary>An event that <see cref="EventLog"/> keeps, or a change of the sockets of rooms.</summary>
/// <param name="Id">Its position.</param>
/// <param name="Message">As clients get it, with its offset. Null: it is a change.</param>
/// <param name="OffsetAt">Where the offset is in the head of the message.</param>
/// <param name="IsRepeated">It was repeated for the client of a session that came from another server.</param>
/// <param name="Target">For whom it was.</param>
/// <param name="Origin">Who has sent it.</param>
/// <param name="Time">When it was sent: a timestamp of the server's clock.</param>
internal readonly record struct LoggedEvent(EntryId Id, OutgoingMessage? Message, int OffsetAt, bool IsRepeated, Target Target, EventOrigin Origin, long Time)
{
    /// <summary>What was done to the sockets. Null: it is an event.</summary>
    public MemberChange? Change { get; init; }

    /// <summary>The memory that it takes.</summary>
    public int Size => Message?.Size ?? Change!.Size;
}

namespace SocketIOServer.Adapters;

/// <summary>Which server has sent an event, and its number among that server's messages in the namespace.</summary>
/// <param name="Sender">The id of the server. Null: an event that no other server gets.</param>
/// <param name="Number">0: the server does not number its events, as Node's servers do not.</param>
internal readonly record struct EventOrigin(string? Sender, long Number)
{
    /// <summary>Its place in the log of the cluster. None: there is no such log, or the event was not read from it.</summary>
    public EntryId Id { get; init; }

    /// <summary>It is delivered before its place in the log of the cluster is known.</summary>
    public bool IsUnplaced { get; init; }

    /// <summary>How many bits of a number count messages. Those above tell one life of a namespace from the next: a namespace that was forgotten and made anew counts from another number.</summary>
    public const int NumberBits = 32;

    public bool IsNumbered => Number > 0;

    /// <summary>Whether two numbers of a sender are of the same life of a namespace, so that one says something of the other.</summary>
    public static bool AreOfOneLife(long number, long other) => number >> NumberBits == other >> NumberBits;
}

namespace SocketIOServer.Adapters;

/// <summary>Is told what happens to the rooms of a namespace.</summary>
internal interface IRoomObserver
{
    /// <summary>Takes down a change. Called under the adapter's lock, so it runs no code of the program.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="room">The room.</param>
    /// <param name="member">The socket that joined or left; null for a room that was created or deleted.</param>
    void Note(RoomChangeKind kind, string room, Member? member);

    /// <summary>Tells the program of the changes that were taken down. Called under no lock.</summary>
    void Tell();

    /// <summary>The same on another thread, since this one may be in the middle of a broadcast that closed a slow client.</summary>
    void TellSoon();
}

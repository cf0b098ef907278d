namespace SocketIOServer.Recovery;

/// <summary>Listens to the rooms of saved sessions, where each room has a channel of its own. All methods return at once.</summary>
internal interface ISessionRooms
{
    /// <summary>A session is saved: events for its rooms must still arrive. The caller holds the gate of the log.</summary>
    void Hold(SavedSession session);

    /// <summary>The socket of a saved session is put into a room or taken out. The caller holds the gate of the log, and calls <see cref="Tell"/> afterwards.</summary>
    void Note(string room, bool isThere);

    /// <summary>Begins to listen, or ends it. The caller holds no lock.</summary>
    void Tell();

    /// <summary>The session has ended, or its socket is in the rooms again. The caller holds no lock.</summary>
    void Release(SavedSession session);
}

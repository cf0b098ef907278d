namespace SocketIOServer.Recovery;

/// <summary>Listens to the rooms of saved sessions, where each room has a channel of its own. Both methods return at once.</summary>
internal interface ISessionRooms
{
    /// <summary>A session is saved: events for its rooms must still arrive. The caller holds the gate of the log.</summary>
    void Hold(SavedSession session);

    /// <summary>The session has ended, or its socket is in the rooms again. The caller holds no lock.</summary>
    void Release(SavedSession session);
}

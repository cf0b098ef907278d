namespace SocketIOServer.Recovery;

/// <summary>Where the servers of a cluster keep the sessions of clients that have lost their connection.</summary>
internal interface ISharedSessions
{
    /// <summary>Saves a session soon. Returns at once, and does not throw.</summary>
    void Save(SavedSession session);

    /// <summary>Takes a session. Never throws.</summary>
    /// <param name="id">The secret of the client.</param>
    /// <returns>The session as its server has written it; null if there is none. False: the store did not answer.</returns>
    Task<(string? Session, bool HasAnswered)> TakeAsync(string id);

    /// <summary>A session was taken from the memory of this server: the store must not give it to anybody else. Never throws.</summary>
    /// <returns>
    /// Whether it is the session of this server; null: another server may have had it from the store, because the answer to the save was lost. Newer: what another server has saved since.
    /// </returns>
    ValueTask<(bool? IsHere, string? Newer)> WithdrawAsync(SavedSession session);
}

namespace SocketIOServer.Cluster;

/// <summary>
/// Keeps the sessions of clients that have lost their connection, so that each server of the cluster can give a client its session back, also after the
/// server that had it is gone. Any thread may call any method. A failure is an exception; a call that takes too long is cancelled.
/// </summary>
public interface ISessionStore
{
    /// <summary>Saves a session, in place of one with the same id.</summary>
    /// <param name="id">The secret of the session (<c>pid</c>). A client may choose it where a session is taken.</param>
    /// <param name="session">The session. A text of ASCII that the store does not look into.</param>
    /// <param name="window">How long it is kept.</param>
    /// <param name="cancel">The result is no longer waited for.</param>
    ValueTask SaveAsync(string id, string session, TimeSpan window, CancellationToken cancel);

    /// <summary>Takes a session out of the store, in one step: of several servers that ask at once, one gets it.</summary>
    /// <param name="id">The secret of the session, as the client sent it.</param>
    /// <param name="cancel">The result is no longer waited for.</param>
    /// <returns>Null if there is none.</returns>
    ValueTask<string?> TakeAsync(string id, CancellationToken cancel);
}

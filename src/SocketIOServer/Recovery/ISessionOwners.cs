namespace SocketIOServer.Recovery;

/// <summary>The other servers of a cluster, which may have the session of a client that comes to this one.</summary>
internal interface ISessionOwners
{
    /// <summary>Whether there are any.</summary>
    bool Any { get; }

    /// <summary>Takes a session from the server that has it.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="userId">Its user.</param>
    /// <returns>The session, or why there is none. Completes within five seconds. Never throws.</returns>
    Task<(MovedSession? Session, string? Failure)> TakeAsync(RecoveryRequest request, string? userId);

    /// <summary>The same where the servers share a log: the session, as its server has written it, and no events.</summary>
    /// <param name="request">What the client asks for.</param>
    /// <param name="userId">Its user.</param>
    Task<(string? Record, string? Failure)> TakeRecordAsync(RecoveryRequest request, string? userId);
}

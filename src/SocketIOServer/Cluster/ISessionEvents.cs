namespace SocketIOServer.Cluster;

/// <summary>The events that one server keeps for the sessions of a namespace, beside those that clients have missed.</summary>
internal interface ISessionEvents
{
    /// <summary>The session goes to another server. Events that are just being handled are waited for, but not long. Does not throw.</summary>
    Task<KeptEvents> TakeAsync(string socketId, string? userId);

    /// <summary>The session has come from another server.</summary>
    void Put(string socketId, string? userId, KeptEvents events);
}

using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>The events that one server keeps for the sessions of a namespace, beside those that clients have missed.</summary>
internal interface ISessionEvents
{
    /// <summary>
    /// Completes when the events of a session that are being handled have been handled, and earlier if that takes long. Null: none are. Does not throw, and neither does the task.
    /// </summary>
    Task? WhenHandled(SavedSession session);

    /// <summary>The session is being saved. Its events stay here until it is.</summary>
    KeptEvents Copy(string socketId, string? userId);

    /// <summary>The session was saved with what <see cref="Copy"/> has returned. The caller holds the gate of the log.</summary>
    void ForgetCopied(string socketId, string? userId);

    /// <summary>The session goes to another server. Events that are being handled are waited for, but not long. Does not throw.</summary>
    /// <param name="socketId">The id of its socket.</param>
    /// <param name="userId">Its user.</param>
    /// <param name="handled"><see cref="Adapters.Member.Handled"/>.</param>
    Task<KeptEvents> TakeAsync(string socketId, string? userId, Task handled);

    /// <summary>The session has come from another server or from the store. Returns false if durable events cannot be kept here: none of its events is then.</summary>
    bool TryPut(string socketId, string? userId, KeptEvents events);
}

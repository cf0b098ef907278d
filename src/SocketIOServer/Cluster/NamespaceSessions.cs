using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>The sessions of one namespace in the store of the cluster, with their events.</summary>
internal sealed class NamespaceSessions(SharedSessions all, ISessionEvents events) : ISharedSessions
{
    public void Save(SavedSession session) => all.Save(session, events);

    public Task<(string? Session, bool HasAnswered)> TakeAsync(string id) => all.TakeAsync(id);

    public ValueTask<(bool? IsHere, string? Newer)> WithdrawAsync(SavedSession session) => all.WithdrawAsync(session);
}

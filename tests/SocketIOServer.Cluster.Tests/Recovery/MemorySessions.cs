using System.Collections.Concurrent;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>A store of sessions that can fail.</summary>
internal sealed class MemorySessions : ISessionStore
{
    public ConcurrentDictionary<string, string> Saved { get; } = new();

    public bool Throws { get; set; }

    /// <summary>Not null: it does not answer before this completes.</summary>
    public Task? Until { get; set; }

    public async ValueTask SaveAsync(string id, string session, TimeSpan window, CancellationToken cancel)
    {
        if (Throws) throw new IOException("The store is gone.");
        if (Until is { } until) await until.WaitAsync(cancel);
        Saved[id] = session;
    }

    public async ValueTask<string?> TakeAsync(string id, CancellationToken cancel)
    {
        if (Throws) throw new IOException("The store is gone.");
        if (Until is { } until) await until.WaitAsync(cancel);
        return Saved.TryRemove(id, out var session) ? session : null;
    }
}

using System.Collections.Concurrent;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>A store of sessions that can fail.</summary>
internal sealed class MemorySessions : ISessionStore
{
    public ConcurrentDictionary<string, string> Saved { get; } = new();

    public bool Throws { get; set; }

    /// <summary>Not null: it does not answer before this completes.</summary>
    public Task? Until { get; set; }

    /// <summary>Not null: a save reaches it when this completes.</summary>
    public Task? SavedAfter { get; set; }

    /// <summary>Not null: a save is answered when this completes.</summary>
    public Task? AnswersAfter { get; set; }

    /// <summary>Saves that have begun.</summary>
    public int Begun { get; private set; }

    public async ValueTask SaveAsync(string id, string session, TimeSpan window, CancellationToken cancel)
    {
        Begun++;
        if (SavedAfter is { } after) await after.WaitAsync(cancel);
        if (Throws) throw new IOException("The store is gone.");
        if (Until is { } until) await until.WaitAsync(cancel);
        Saved[id] = session;
        if (AnswersAfter is { } answer) await answer.WaitAsync(cancel);
    }

    public async ValueTask<string?> TakeAsync(string id, CancellationToken cancel)
    {
        if (Throws) throw new IOException("The store is gone.");
        if (Until is { } until) await until.WaitAsync(cancel);
        return Saved.TryRemove(id, out var session) ? session : null;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The sessions that requests can find by their id. After <see cref="Stop"/>, <see cref="WhenEndedAsync"/> tells when the last session and the last piece of
/// work for a client have ended. All members can be used from any thread.
/// </summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<string, EngineSession> _sessions = new(StringComparer.Ordinal);
    private volatile bool _isStopping;
    private TaskCompletionSource? _ended;
    private int _work;

    /// <summary>The number of sessions. A closed polling session counts until its client has polled the close packet.</summary>
    public int Count => _sessions.Count;

    /// <summary>All sessions. No lock is held, so sessions can be added and removed during the enumeration.</summary>
    public IEnumerable<EngineSession> All => _sessions.Select(static entry => entry.Value);

    /// <summary>Whether <see cref="Stop"/> was called. No session is added after that.</summary>
    public bool IsStopping => _isStopping;

    public bool TryFind(string id, [NotNullWhen(true)] out EngineSession? session) => _sessions.TryGetValue(id, out session);

    public void Add(EngineSession session) => _sessions[session.Id] = session;

    /// <summary>Returns false if the session was not in the table.</summary>
    public bool Remove(EngineSession session)
    {
        var wasThere = _sessions.TryRemove(KeyValuePair.Create(session.Id, session));
        CompleteIfEnded();
        return wasThere;
    }

    /// <summary>
    /// Sets <see cref="IsStopping"/>. The code that adds a session must check it afterwards, because the caller might already have enumerated the table.
    /// </summary>
    public void Stop()
    {
        _isStopping = true;
        // Either the caller sees the new session, or the code that adds the session sees the stop.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Begins work for a client that the table does not show. <see cref="EndWork"/> must follow.</summary>
    public void BeginWork() => Interlocked.Increment(ref _work);

    /// <inheritdoc cref="BeginWork"/>
    public void EndWork()
    {
        if (Interlocked.Decrement(ref _work) == 0) CompleteIfEnded();
    }

    /// <summary>After <see cref="Stop"/>: completes when there are no sessions and no work. Cancelling ends the wait without an exception.</summary>
    public async Task WhenEndedAsync(CancellationToken cancel)
    {
        var ended = Volatile.Read(ref _ended) ?? Interlocked.CompareExchange(ref _ended, new(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? _ended;
        CompleteIfEnded();
        await ended.Task.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void CompleteIfEnded()
    {
        if (_isStopping && _sessions.IsEmpty && Volatile.Read(ref _work) == 0) Volatile.Read(ref _ended)?.TrySetResult();
    }
}

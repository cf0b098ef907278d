using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SocketIOServer.EngineIO;

/// <summary>
/// The sessions that requests can find by their id, and the end of all of them: after <see cref="Stop"/> it tells when the last session is gone and the last
/// piece of work for a client is done. Any thread.
/// </summary>
internal sealed class SessionTable
{
    private readonly ConcurrentDictionary<string, EngineSession> _sessions = new(StringComparer.Ordinal);
    private volatile bool _isStopping;
    private TaskCompletionSource? _ended;
    private int _work;

    /// <summary>A polling session that was closed counts until its client has polled the close packet.</summary>
    public int Count => _sessions.Count;

    /// <summary>All sessions. No lock is held, so sessions come and go during the enumeration.</summary>
    public IEnumerable<EngineSession> All => _sessions.Select(static entry => entry.Value);

    /// <summary>No session is added any more.</summary>
    public bool IsStopping => _isStopping;

    public bool TryFind(string id, [NotNullWhen(true)] out EngineSession? session) => _sessions.TryGetValue(id, out session);

    public void Add(EngineSession session) => _sessions[session.Id] = session;

    /// <summary>False: it was not there any more.</summary>
    public bool Remove(EngineSession session)
    {
        var wasThere = _sessions.TryRemove(KeyValuePair.Create(session.Id, session));
        CompleteIfEnded();
        return wasThere;
    }

    /// <summary>From now on <see cref="IsStopping"/> is true. Whoever adds a session must look at it afterwards: the caller may have walked the table before.</summary>
    public void Stop()
    {
        _isStopping = true;
        // Either the caller sees the session that is being added, or whoever adds it sees the stop.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Something is being done for a client that the table does not show. <see cref="EndWork"/> must follow.</summary>
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

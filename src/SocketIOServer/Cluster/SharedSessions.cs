using Microsoft.Extensions.Logging;
using SocketIOServer.EngineIO;
using SocketIOServer.Recovery;

namespace SocketIOServer.Cluster;

/// <summary>
/// The sessions that the servers of a cluster keep in a store. They are saved a bounded number at a time. A store that throws or does not answer harms nobody: the
/// session stays in memory, where other servers can still ask for it.
/// </summary>
internal sealed partial class SharedSessions(ISessionStore store, TimeSpan window, TimeProvider time, ILogger logger)
{
    private const int MaxAtOnce = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<(SavedSession Session, ISessionEvents Events, bool WasHeld)> _waiting = new();
    private readonly OccasionalLine _failureLine = new();
    private TaskCompletionSource? _idle;
    private int _running;

    // Sessions whose events are still being handled.
    private int _held;

    /// <summary>Saves a session and its events soon. Returns at once.</summary>
    public void Save(SavedSession session, ISessionEvents events) => Add(session, events, wasHeld: false);

    /// <summary>Completes when every session was saved or cannot be. Cancelling ends the wait without an exception.</summary>
    public async Task WhenSavedAsync(CancellationToken cancel)
    {
        Task idle;
        lock (_gate)
        {
            if (_running == 0 && _held == 0) return;
            idle = (_idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await idle.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc cref="ISharedSessions.TakeAsync"/>
    public async Task<(string? Session, bool HasAnswered)> TakeAsync(string id)
    {
        try
        {
            using var late = new CancellationTokenSource(Patience, time);
            return (await store.TakeAsync(id, late.Token).AsTask().WaitAsync(late.Token), true);
        }
        catch (Exception e)
        {
            OnFailed(e);
            return (null, false);
        }
    }

    /// <inheritdoc cref="ISharedSessions.WithdrawAsync"/>
    public async ValueTask<(bool? IsHere, string? Newer)> WithdrawAsync(SavedSession session)
    {
        if (session.Saving is not { } saving) return (true, null);
        // Otherwise the store could save it after it was withdrawn, and its secret could be used once more.
        var isSaved = await saving.Task;
        var (record, hasAnswered) = await TakeAsync(session.RecoveryId);
        // If this stay has written nothing, a record in the store is left from an earlier one, after which the store did not answer.
        if (!hasAnswered || session.Written == default) return (true, null);
        if (record is not null) return HashOf(record) == session.Written ? (true, null) : (false, record);
        return (isSaved ? false : null, null);
    }

    private void Add(SavedSession session, ISessionEvents events, bool wasHeld)
    {
        lock (_gate)
        {
            if (wasHeld) _held--;
            _waiting.Enqueue((session, events, wasHeld));
            if (_running == MaxAtOnce) return;
            _running++;
        }

        // A getter of the program may block. The thread that cuts the connection must not wait for it.
        ThreadPool.UnsafeQueueUserWorkItem(static sessions => _ = sessions.RunAsync(), this, preferLocal: false);
    }

    // Never throws.
    private async Task RunAsync()
    {
        while (true)
        {
            (SavedSession Session, ISessionEvents Events, bool WasHeld) next;
            TaskCompletionSource? idle = null;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out next) && --_running == 0 && _held == 0) (idle, _idle) = (_idle, null);
            }

            idle?.TrySetResult();
            if (next.Session is null) return;
            if (!next.WasHeld && next.Events.WhenHandled(next.Session) is { } handled) _ = SaveAfterAsync(handled, next.Session, next.Events);
            else await SaveAsync(next.Session, next.Events);
        }
    }

    // Others need not wait for handlers of this one.
    private async Task SaveAfterAsync(Task handled, SavedSession session, ISessionEvents events)
    {
        lock (_gate) _held++;
        await handled;
        Add(session, events, wasHeld: true);
    }

    private async Task SaveAsync(SavedSession session, ISessionEvents events)
    {
        if (session.Recovery.BeginSave(session, out var returns) is not { } saving) return;
        var isSaved = false;
        try
        {
            var kept = events.Copy(session.SocketId, session.UserId);
            if (RecordFormat.Write(session.ToRecord(), kept, session.Recovery.Encoder, RecordFormat.MaxWritten) is not { } text)
            {
                LogTooLarge(logger, LogText.Of(session.Recovery.Name), RecordFormat.MaxWritten);
                return;
            }

            session.Written = HashOf(text);
            using var late = new CancellationTokenSource(Patience, time);
            await store.SaveAsync(session.RecoveryId, text, window, late.Token).AsTask().WaitAsync(late.Token);
            isSaved = true;
            session.Recovery.OnSaved(session, returns, () => events.ForgetCopied(session.SocketId, session.UserId));
        }
        catch (Exception e)
        {
            OnFailed(e);
        }
        finally
        {
            saving.SetResult(isSaved);
        }
    }

    private static (int Length, int Hash) HashOf(string text) => (text.Length, text.GetHashCode(StringComparison.Ordinal));

    private void OnFailed(Exception exception)
    {
        try
        {
            if (!_failureLine.IsDue(time)) return;
        }
        catch (Exception)
        {
            // The program's clock.
            return;
        }

        LogFailed(logger, exception);
    }

    [LoggerMessage(121, LogLevel.Warning, "The session of a client in {Namespace} is larger than {Bytes} bytes, with the names of its rooms, what is in socket.Data, the acks of its events and its durable events. It is not saved, so only this server can give it back.")]
    private static partial void LogTooLarge(ILogger logger, string @namespace, int bytes);

    [LoggerMessage(122, LogLevel.Warning, "The store of sessions has failed or did not answer. Clients that lose their connection meanwhile are recovered only while this server runs. This line is written at most once in 10 s.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

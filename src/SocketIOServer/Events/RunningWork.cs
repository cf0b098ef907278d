using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Events;

/// <summary>
/// The sockets that have left while code of the program runs for them, or has still to run. All sockets have left when the server has stopped, so
/// what is here then is all that the stop waits for. Handlers of sockets that stay cost nothing.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "It lives as long as the server, and the source has neither a timer nor a handle.")]
internal sealed partial class RunningWork(ILogger logger)
{
    private readonly ConcurrentDictionary<SocketWork, bool> _all = new();
    private readonly CancellationTokenSource _abandoned = new();
    private TaskCompletionSource _none = Completed();
    private volatile bool _isAbandoned;

    /// <summary>Cancelled when the stop waits no longer.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>The stop waits no longer: nothing more is begun, for the program's services end now.</summary>
    public bool IsAbandoned => _isAbandoned;

    public void Add(SocketWork work) => _all[work] = true;

    public void Remove(SocketWork work)
    {
        if (!_all.TryRemove(work, out _)) return;
        var none = Volatile.Read(ref _none);
        if (!none.Task.IsCompleted && _all.IsEmpty) none.TrySetResult();
    }

    /// <summary>Completes when nothing runs. Cancelling ends the wait without an exception.</summary>
    public async Task WhenNoneAsync(CancellationToken cancel)
    {
        while (!_all.IsEmpty && !cancel.IsCancellationRequested)
        {
            var none = Volatile.Read(ref _none);
            if (none.Task.IsCompleted) none = Begin(none);
            // The last may have gone before it could see that somebody waits.
            if (_all.IsEmpty) return;
            await none.Task.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Begins the hooks that wait for a handler: there is little time left.</summary>
    public void RunHooksNow()
    {
        foreach (var (work, _) in _all) work.Socket.RunDisconnectHooksNow();
    }

    /// <summary>Waits no longer. What still runs is told by its token and named in one line. Idempotent.</summary>
    public void Abandon()
    {
        if (_isAbandoned) return;
        _isAbandoned = true;
        var running = _all.SelectMany(static entry => entry.Key.Names.Select(name => (Name: name, Namespace: entry.Key.Socket.Context.Name)))
            .GroupBy(static entry => entry, static (entry, all) => $"{all.Count()} x {entry.Name} in {entry.Namespace}")
            .Order(StringComparer.Ordinal)
            .ToArray();
        _ = CancelAsync();
        if (running.Length > 0) LogAbandoned(logger, string.Join(", ", running));
    }

    private async Task CancelAsync()
    {
        try
        {
            // Not here and now: what is registered is the program's.
            await _abandoned.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            LogCancelFailed(logger, e);
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    // All that wait share one.
    private TaskCompletionSource Begin(TaskCompletionSource completed)
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Interlocked.CompareExchange(ref _none, next, completed);
        return before == completed ? next : before;
    }

    [LoggerMessage(30, LogLevel.Warning, "The server stops while code of the program still runs, and waits for it no longer: {Running}.")]
    private static partial void LogAbandoned(ILogger logger, string running);

    [LoggerMessage(31, LogLevel.Error, "What the program registered on the token of OnDisconnecting or OnDisconnected failed.")]
    private static partial void LogCancelFailed(ILogger logger, Exception error);
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Events;

/// <summary>
/// The sockets that have left while the program's code still runs for them, or has yet to run. A stop of the server makes all sockets leave, so it waits for
/// what is here. Handlers of connected sockets cost nothing.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "It lives as long as the server, and the source has neither a timer nor a handle.")]
internal sealed partial class RunningWork(ILogger logger)
{
    private readonly ConcurrentDictionary<SocketWork, bool> _all = new();
    private readonly CancellationTokenSource _abandoned = new();
    private TaskCompletionSource _none = Completed();
    private volatile bool _isAbandoned;

    /// <summary>Cancelled when the stop of the server no longer waits.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>The stop of the server no longer waits. No more of the program's code is begun, because its services are being disposed.</summary>
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
            // The last work may have ended before it could see that somebody waits.
            if (_all.IsEmpty) return;
            await none.Task.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Begins the disconnect hooks that still wait for a handler, because the time for the stop is nearly over.</summary>
    public void RunHooksNow()
    {
        foreach (var (work, _) in _all) work.Socket.RunDisconnectHooksNow();
    }

    /// <summary>Ends the wait: cancels the token of the code that still runs, and logs its names in one line. Idempotent.</summary>
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
            // Asynchronously: the callbacks on the token are the program's.
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

    // All callers that wait share one source.
    private TaskCompletionSource Begin(TaskCompletionSource completed)
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Interlocked.CompareExchange(ref _none, next, completed);
        return before == completed ? next : before;
    }

    [LoggerMessage(30, LogLevel.Warning, "The server stops and no longer waits for code of the program that still runs: {Running}.")]
    private static partial void LogAbandoned(ILogger logger, string running);

    [LoggerMessage(31, LogLevel.Error, "A callback that the program registered on the token of OnDisconnecting or OnDisconnected failed.")]
    private static partial void LogCancelFailed(ILogger logger, Exception error);
}

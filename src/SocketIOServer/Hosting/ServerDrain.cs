using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO;
using SocketIOServer.Recovery;

namespace SocketIOServer.Hosting;

/// <summary>
/// The end of a server whose clients go to other servers of the cluster: it takes no new clients, sends those that it has away in waves, and stays in the cluster
/// until other servers have taken their sessions.
/// </summary>
internal sealed partial class ServerDrain(DrainOptions options, ClusterNode node, RecoveryStore store, ILogger logger)
{
    private const int MinWave = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How long it can take.</summary>
    public TimeSpan Longest => options.Spread + options.Linger;

    /// <summary>Whether there is another server that can take clients. Without one, there is nobody to wait for.</summary>
    public bool IsPossible => node.State == BusState.Alive && node.Members.CanTakeClients;

    /// <summary>Tells the other servers that this one takes no new clients.</summary>
    public void Begin(int clients)
    {
        LogBegins(logger, clients, options.Spread.TotalSeconds);
        node.Members.Leave();
    }

    /// <summary>
    /// Closes sessions in a random order, with their queued packets and without a Socket.IO disconnect packet: clients of JavaScript reconnect only without one.
    /// Requests that are forwarded for other servers end in the same waves. Cancelling ends the waves, so that sessions are left.
    /// </summary>
    /// <param name="sessions">All sessions.</param>
    /// <param name="forwarder">Null: nothing is forwarded.</param>
    /// <param name="cancel">Cancelled when the time is over.</param>
    public async Task SendAwayAsync(EngineSession[] sessions, RequestForwarder? forwarder, CancellationToken cancel)
    {
        Random.Shared.Shuffle(sessions);
        var total = sessions.Length + (forwarder?.Count ?? 0);
        var waves = Math.Clamp((total + MinWave - 1) / MinWave, 1, Math.Max(1, (int)(options.Spread / Interval)));
        var closed = 0;
        for (var wave = 1; wave <= waves && !cancel.IsCancellationRequested; wave++)
        {
            for (var until = (int)((long)sessions.Length * wave / waves); closed < until; closed++) sessions[closed].Close(CloseReason.ShuttingDown);
            forwarder?.SendAway((double)wave / waves);
            // Servers of one deploy do not keep step with each other.
            if (wave < waves) await Task.Delay(Interval * (0.5 + Random.Shared.NextDouble()), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Completes when no client is waited for any more. Cancelling ends the wait without an exception.</summary>
    public async Task WhenTakenAsync(CancellationToken cancel)
    {
        while (IsPossible && store.IsAwaited(options.Linger) && !cancel.IsCancellationRequested)
            await Task.Delay(CheckInterval, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        LogEnds(logger, store.SessionCount);
    }

    /// <summary>Logs a warning if the host does not give the server enough time.</summary>
    public void CheckTime(TimeSpan limit)
    {
        // The waves end at half of the time: see ServerStop.
        if (limit < Longest || limit / 2 < options.Spread) LogTooShort(logger, options.Spread.TotalSeconds, options.Linger.TotalSeconds, limit.TotalSeconds);
    }

    [LoggerMessage(108, LogLevel.Information, "The server stops and sends its clients to the other servers of the cluster: {Clients}, within {Seconds} s.")]
    private static partial void LogBegins(ILogger logger, int clients, double seconds);

    [LoggerMessage(109, LogLevel.Information, "The server leaves the cluster. Sessions that no other server has taken, and that end with it: {Sessions}.")]
    private static partial void LogEnds(ILogger logger, int sessions);

    [LoggerMessage(110, LogLevel.Warning, "When the server stops, its clients can need {Spread} s (Drain.Spread) and {Linger} s (Drain.Linger) to go to other servers, but it has {Limit} s, half of them for Spread: four fifths of HostOptions.ShutdownTimeout. Clients that are too late begin new sessions. Raise ShutdownTimeout, or lower the two.")]
    private static partial void LogTooShort(ILogger logger, double spread, double linger, double limit);
}

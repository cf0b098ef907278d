using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster;

/// <summary>
/// Tells Node's servers that this one is there, in each namespace that is in use, as ClusterAdapterWithHeartbeat of socket.io-adapter does: type 1 by one that
/// comes, which the others answer, type 2 after 5 s in which nothing else was sent, type 13 by one that goes. A server that is silent for 10 s is gone. Our
/// own servers know each other by <see cref="Membership"/>, so type 2 is sent only while a server that is none of ours is there: a namespace that a client
/// has named costs nothing otherwise.
/// </summary>
internal sealed partial class Heartbeats(ClusterNode node)
{
    /// <summary>After how much silence of its own a server says that it is there.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>After how much silence a server is gone.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Check = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    public void Start()
    {
        if (!node.Wire.HasHeartbeats || _timer is not null) return;
        node.Bus.StateChanged += OnStateChanged;
        _timer = node.Time.CreateTimer(static state => ((Heartbeats)state!).OnTimer(), this, Check, Check);
    }

    public void Stop()
    {
        if (_timer is null) return;
        _timer.Dispose();
        node.Bus.StateChanged -= OnStateChanged;
        foreach (var (_, adapter) in node.InUse) adapter.SayBye();
    }

    private void OnTimer()
    {
        try
        {
            // While the bus is not alive, nobody is declared dead: it is this server that does not hear.
            if (node.Bus.State != BusState.Alive) return;
            foreach (var (_, adapter) in node.InUse) adapter.BeatIfQuiet();
        }
        catch (Exception e)
        {
            // A bus of a third party; nothing may escape to the timer's thread.
            LogFailed(node.Logger, e);
        }
    }

    private void OnStateChanged(BusState state)
    {
        if (state != BusState.Alive) return;
        foreach (var (_, adapter) in node.InUse) adapter.Announce();
    }

    [LoggerMessage(68, LogLevel.Error, "The heartbeats of the cluster's namespaces failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

using System.Collections.Concurrent;
using System.Globalization;
using SocketIOServer;
using SocketIOServer.Cluster;

namespace Chat.Messages;

/// <summary>
/// An event of a node can be lost in an outage of the bus, or if the node dies just after it has stored a message. The message is in the store. Afterwards all
/// pages are told to load anew, and devices get the private messages that wait.
/// </summary>
/// <remarks>
/// Each node that notices it tells the pages of all nodes. A client that is just moving from one node to another would otherwise hear it from neither: the
/// new one has told it before, and the old one has not noticed it yet.
/// </remarks>
internal sealed class MissedEvents(Postman postman, [FromKeyedServices(ChatApp.Server)] ISocketServer server, TimeProvider time) : BackgroundService
{
    /// <summary>To pages, and to other nodes, whose devices may have private messages that wait.</summary>
    public const string Missed = "missed";

    /// <summary>To other nodes: this one stops, and has emitted all that it has stored.</summary>
    public const string Stopping = "stopping";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, bool> _stopping = new(StringComparer.Ordinal);
    private bool _isWanted;

    /// <summary>The devices of this node get what waits soon, once however many nodes ask for it.</summary>
    public void Want() => Volatile.Write(ref _isWanted, true);

    public void OnStopping(string node) => _stopping[node] = true;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await server.Cluster.EmitAsync(Stopping, server.Cluster.NodeId);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var (state, nodes) = (server.Cluster.State, server.Cluster.Nodes);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var (stateBefore, nodesBefore) = (state, nodes);
            (state, nodes) = (server.Cluster.State, server.Cluster.Nodes);
            var isMissing = state == BusState.Alive && stateBefore != BusState.Alive;
            foreach (var gone in nodesBefore.Except(nodes)) isMissing |= !_stopping.TryRemove(gone.Id, out _);
            if (isMissing) await TellAsync();
            if (Interlocked.Exchange(ref _isWanted, false)) await DeliverWaitingAsync(stoppingToken);
        }
    }

    private async Task TellAsync()
    {
        foreach (var path in ChatApp.Namespaces) await server.Of(path).EmitAsync(Missed);
        await server.Cluster.EmitAsync(Missed);
        Want();
    }

    private async Task DeliverWaitingAsync(CancellationToken stop)
    {
        foreach (var device in await server.Of(PrivateController.Path).Local.FetchSocketsAsync(stop))
            await postman.TryDeliverWaitingAsync(long.Parse(device.UserId!, CultureInfo.InvariantCulture), device.Id, stop);
    }
}

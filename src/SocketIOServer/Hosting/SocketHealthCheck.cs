using Microsoft.Extensions.Diagnostics.HealthChecks;
using SocketIOServer.Cluster;

namespace SocketIOServer.Hosting;

/// <summary>Checks whether the server accepts new connections.</summary>
internal sealed class SocketHealthCheck(SocketServer server) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var engines = server.Engines;
        var data = new Dictionary<string, object> { ["sessions"] = engines.Sum(engine => engine.Sessions.Count) };
        if (server.Options.MaxSessions is { } max) data["maxSessions"] = max;

        if (engines.Any(engine => engine.Sessions.IsStopping))
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "The server is stopping.", data: data));
        if (server.Options.Cluster is { } node)
        {
            data["cluster"] = node.State.ToString();
            data["clusterNodes"] = node.Members.Count + 1;
            var statistics = node.Statistics;
            data["clusterDropped"] = statistics.Dropped;
            data["clusterUncertain"] = statistics.Uncertain;
            data["clusterQueuedBytes"] = statistics.QueuedBytes;
            // The server's own clients are served as ever, so it is never unhealthy for the bus.
            if (node.State != BusState.Alive)
                return Task.FromResult(HealthCheckResult.Degraded($"The cluster bus {node.StateOf} is {node.State.InWords()}. This server serves its own clients, and does not reach those of other servers.", data: data));
            if (node.Bus.Problem is { } problem)
                return Task.FromResult(HealthCheckResult.Degraded(problem, data: data));
            if (node.IsOverloaded)
                return Task.FromResult(HealthCheckResult.Degraded($"The cluster bus {node.StateOf} is too slow: its queue is full, and messages for clients of other servers are dropped.", data: data));
            if (node.Members.HasMisfit)
                return Task.FromResult(HealthCheckResult.Degraded("A server of the cluster writes its messages in another form: the two do not understand each other.", data: data));
            if (node.Members.HasOtherBridges)
                return Task.FromResult(HealthCheckResult.Degraded("A server of the cluster has other bridges: its clients and those of servers of another kind do not reach each other.", data: data));
        }

        foreach (var bridge in server.Options.Bridges)
        {
            data[bridge.Name] = bridge.Bus.State.ToString();
            data[bridge.Name + "Dropped"] = bridge.Bus.Statistics.Dropped;
            if (bridge.Bus.State != BusState.Alive)
                return Task.FromResult(HealthCheckResult.Degraded($"The bus to servers of {bridge.Name} is {bridge.Bus.State.InWords()}. This server serves its own clients, and does not reach those of {bridge.Name}.", data: data));
            if (bridge.Bus.Problem is { } problem) return Task.FromResult(HealthCheckResult.Degraded(problem, data: data));
        }

        // Connected clients are served; only the next client is refused.
        return Task.FromResult(engines.Any(engine => engine.IsFull)
            ? HealthCheckResult.Degraded("MaxSessions is reached: new connections get 503.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

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
        // Connected clients are served; only the next client is refused.
        return Task.FromResult(engines.Any(engine => engine.IsFull)
            ? HealthCheckResult.Degraded("MaxSessions is reached: new connections get 503.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}

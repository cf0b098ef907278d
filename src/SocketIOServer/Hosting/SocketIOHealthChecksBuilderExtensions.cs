using Microsoft.Extensions.Diagnostics.HealthChecks;
using SocketIOServer;
using SocketIOServer.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Socket.IO server to the health checks.</summary>
public static class SocketIOHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of whether the server accepts new connections. It is unhealthy while the server stops and degraded while MaxSessions is reached. The number
    /// of sessions is its data. It checks the server without a name; AddSocketIO must have been called.
    /// </summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">The status of a server that stops. Default null: unhealthy.</param>
    /// <param name="tags">Tags by which checks are chosen. Default null: none.</param>
    public static IHealthChecksBuilder AddSocketIO(
        this IHealthChecksBuilder builder, string name = "socketio", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, static services => new SocketHealthCheck(services.GetRequiredService<SocketServer>()), failureStatus, tags));
    }
}

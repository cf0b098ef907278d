using Microsoft.Extensions.Diagnostics.HealthChecks;
using SocketIOServer;
using SocketIOServer.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the Socket.IO server to the health checks.</summary>
public static class SocketIOHealthChecksBuilderExtensions
{
    /// <summary>
    /// Tells whether the server takes new connections: unhealthy while it is stopping, degraded while MaxSessions is reached, with the
    /// number of sessions as data. AddSocketIO must have been called.
    /// </summary>
    /// <param name="builder">The health checks of the application.</param>
    /// <param name="name">The check's.</param>
    /// <param name="failureStatus">What a stopping server is. Default null: unhealthy.</param>
    /// <param name="tags">To choose checks by.</param>
    public static IHealthChecksBuilder AddSocketIO(
        this IHealthChecksBuilder builder, string name = "socketio", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, static services => new SocketHealthCheck(services.GetRequiredService<SocketServer>()), failureStatus, tags));
    }
}

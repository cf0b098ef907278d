using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SocketIOServer.Epoll;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Chooses the transport.</summary>
public static class EpollWebHostBuilderExtensions
{
    /// <summary>
    /// Lets Kestrel serve its TCP endpoints on epoll loops. On other systems than Linux, and for endpoints that are no IP addresses, Kestrel's
    /// own transport stays.
    /// </summary>
    /// <param name="host">The web host.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns>The web host.</returns>
    public static IWebHostBuilder UseEpoll(this IWebHostBuilder host, Action<EpollOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (!OperatingSystem.IsLinux()) return host;
        return host.ConfigureServices(services =>
        {
            var options = services.AddOptions<EpollOptions>()
                .Validate(o => o is { Loops: > 0, Backlog: > 0, MaxReadBufferSize: > 0, MaxWriteBufferSize: > 0 }, "Every number of EpollOptions is at least 1.")
                .ValidateOnStart();
            if (configure is not null) options.Configure(configure);
            // Kestrel asks the last one first, and adds its own only where there is none yet.
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, SocketTransportFactory>());
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, EpollTransport>());
        });
    }
}

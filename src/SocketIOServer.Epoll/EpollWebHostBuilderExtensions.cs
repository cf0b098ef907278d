using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SocketIOServer.Epoll;

namespace Microsoft.AspNetCore.Hosting;

/// <summary>Extension methods that select the epoll transport.</summary>
public static class EpollWebHostBuilderExtensions
{
    /// <summary>
    /// Lets Kestrel serve its TCP endpoints with the epoll transport. On systems other than Linux, and for endpoints that are not IP addresses, Kestrel still
    /// uses its own transport.
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
            // Kestrel asks the factory that was added last first, and adds its own only if there is none.
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, SocketTransportFactory>());
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, EpollTransport>());
        });
    }
}

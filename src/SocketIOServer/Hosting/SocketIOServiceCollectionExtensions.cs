using Microsoft.Extensions.DependencyInjection.Extensions;
using SocketIOServer;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a Socket.IO server to the services.</summary>
public static class SocketIOServiceCollectionExtensions
{
    /// <summary>Adds the server, and <see cref="ISocketServer"/> to emit through from anywhere. Its endpoint is mapped by MapSocketIO.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Changes the defaults.</param>
    public static ISocketServerBuilder AddSocketIO(this IServiceCollection services, Action<SocketServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<SocketServerOptions>();
        if (configure is not null) options.Configure(configure);
        services.TryAddSingleton<SocketServer>();
        services.TryAddSingleton(static provider => provider.GetRequiredService<SocketServer>().Facade);
        return new Builder(services);
    }

    private sealed record Builder(IServiceCollection Services) : ISocketServerBuilder;
}

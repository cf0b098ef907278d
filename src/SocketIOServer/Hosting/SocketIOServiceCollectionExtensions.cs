using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SocketIOServer;
using SocketIOServer.Events;

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

    /// <summary>Puts code around the events of every namespace; filters of one namespace are inside it.</summary>
    /// <param name="builder">The server.</param>
    public static ISocketServerBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this ISocketServerBuilder builder)
        where T : class, IEventFilter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<SocketServerOptions>(static options => options.Filters.Add(FilterFactories.Of<T>()));
        return builder;
    }

    private sealed record Builder(IServiceCollection Services) : ISocketServerBuilder;
}

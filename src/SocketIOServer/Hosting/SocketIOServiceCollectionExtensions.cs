using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Adapters;
using SocketIOServer.EngineIO.Hosting;
using SocketIOServer.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a Socket.IO server to the services.</summary>
public static class SocketIOServiceCollectionExtensions
{
    /// <summary>
    /// Adds a server. MapSocketIO maps its endpoint, and <see cref="ISocketServer"/> is a singleton service that any code can emit through. Also adds the
    /// system's <see cref="TimeProvider"/> if none is registered.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets options. Default null: the defaults.</param>
    public static ISocketServerBuilder AddSocketIO(this IServiceCollection services, Action<SocketServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(static provider => Create(provider, Options.Options.DefaultName));
        services.TryAddSingleton(static provider => provider.GetRequiredService<SocketServer>().Public);
        return Configure(services, Options.Options.DefaultName, configure);
    }

    /// <summary>
    /// Adds a further server with its own namespaces, handlers and options. MapSocketIO maps it by its name, and its <see cref="ISocketServer"/> is a keyed
    /// service: [FromKeyedServices("name")].
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name of the server.</param>
    /// <param name="configure">Sets options. Default null: the defaults.</param>
    public static ISocketServerBuilder AddSocketIO(this IServiceCollection services, string name, Action<SocketServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.TryAddKeyedSingleton(name, static (provider, key) => Create(provider, (string)key!));
        services.TryAddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<SocketServer>(key).Public);
        return Configure(services, name, configure);
    }

    /// <summary>Runs a filter around the handlers of every namespace. Filters of a namespace run inside it.</summary>
    /// <param name="builder">The server.</param>
    public static ISocketServerBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this ISocketServerBuilder builder)
        where T : class, IEventFilter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<SocketServerOptions>(builder.Name, static options => options.Filters.Add(static binder => binder.BindFilter<T>()));
        return builder;
    }

    /// <summary>
    /// Replaces the adapter, which keeps the rooms and sends broadcasts, for example by one that connects several processes. The server calls the function once
    /// for each namespace: when it is declared or, for a namespace of OfAny, when the first client connects.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="create">Creates the adapter of one namespace.</param>
    /// <example><code>builder.Services.AddSocketIO().UseAdapter(context => new MyAdapter(context));</code></example>
    public static ISocketServerBuilder UseAdapter(this ISocketServerBuilder builder, Func<AdapterContext, Adapter> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.Configure<SocketServerOptions>(builder.Name, options => options.CreateAdapter = create);
        return builder;
    }

    private static SocketServer Create(IServiceProvider provider, string name)
    {
        var server = new SocketServer(provider.GetRequiredService<IOptionsMonitor<SocketServerOptions>>().Get(name), provider);
        provider.GetRequiredService<SocketServers>().Add(server);
        return server;
    }

    private static Builder Configure(IServiceCollection services, string name, Action<SocketServerOptions>? configure)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SocketServers>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ServerStop>());
        ObservedCors.AddTo(services);
        var options = services.AddOptions<SocketServerOptions>(name);
        if (configure is not null) options.Configure(configure);
        return new(name, services);
    }

    private sealed record Builder(string Name, IServiceCollection Services) : ISocketServerBuilder;
}

using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.EngineIO;
using SocketIOServer.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes a Socket.IO server one of several that share their rooms.</summary>
public static class SocketIOClusterExtensions
{
    /// <summary>Changes the settings that a server has in a cluster, whichever bus connects it. It connects nothing itself.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <example><code>builder.Services.AddSocketIO().AddCluster(o => o.NodeName = "web-1");</code></example>
    public static ISocketServerBuilder AddCluster(this ISocketServerBuilder builder, Action<ClusterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }

    /// <summary>
    /// Connects the server to others over a bus: rooms, broadcasts, acks and lists then span all servers. The bus is started with the host and disposed of
    /// with the services. The packages for Redis, PostgreSQL and NATS call this.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="bus">Makes the bus. It is called once.</param>
    /// <param name="wire">Makes the form of the messages, the same on all servers. Default null: a <see cref="JsonWire"/> with its defaults.</param>
    /// <param name="log">
    /// Makes the log that events and changes of rooms are appended to in place of being published. It needs a wire that has a log, such as a
    /// <see cref="StreamsWire"/>. Default null: everything is published.
    /// </param>
    /// <example><code>
    /// var bus = new InProcessBus();
    /// builder.Services.AddSocketIO().AddClusterBus(_ => bus.Connect());
    /// </code></example>
    public static ISocketServerBuilder AddClusterBus(
        this ISocketServerBuilder builder, Func<IServiceProvider, IClusterBus> bus, Func<IServiceProvider, ClusterWire>? wire = null, Func<IServiceProvider, IClusterLog>? log = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(bus);
        var name = builder.Name;
        builder.Services.RemoveAllKeyed<ClusterNode>(name);
        builder.Services.AddKeyedSingleton(name, (services, _) =>
        {
            var logger = FencedLogger.Around(services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer"));
            var time = FencedTime.Around(services.GetRequiredService<TimeProvider>(), logger);
            var options = services.GetRequiredService<IOptionsMonitor<ClusterOptions>>().Get(name);
            return new ClusterNode(bus(services), wire?.Invoke(services) ?? new JsonWire(), options, time, logger, log?.Invoke(services));
        });
        builder.Services.TryAddSingleton<ForwardHeaders>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ForwardFilter>());
        builder.Services.AddOptions<SocketServerOptions>(name).Configure<IServiceProvider>((options, services) =>
        {
            var node = services.GetRequiredKeyedService<ClusterNode>(name);
            options.Cluster = node;
            options.CreateAdapter = context => new ClusterAdapter(context, node);
        });
        return builder;
    }

    /// <summary>
    /// Connects the server to servers of another kind, beside a bus of its own cluster or without one. A second call with the same <typeparamref name="T"/>
    /// replaces the first. The packages for other kinds of servers call this.
    /// </summary>
    /// <typeparam name="T">The kind of bridge.</typeparam>
    /// <param name="builder">The server.</param>
    /// <param name="bridge">Makes the bridge. It is called once.</param>
    public static ISocketServerBuilder AddClusterBridge<T>(this ISocketServerBuilder builder, Func<IServiceProvider, T> bridge)
        where T : ClusterBridge
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(bridge);
        var name = builder.Name;
        builder.Services.RemoveAllKeyed<T>(name);
        builder.Services.AddKeyedSingleton(name, (services, _) => bridge(services));
        builder.Services.AddOptions<SocketServerOptions>(name).Configure<IServiceProvider>((options, services) =>
        {
            var added = services.GetRequiredKeyedService<T>(name);
            if (!options.Bridges.Contains(added)) options.Bridges.Add(added);
        });
        return builder;
    }
}

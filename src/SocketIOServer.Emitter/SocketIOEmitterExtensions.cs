using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.Emitter;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an emitter to the services of a process that has no Socket.IO server.</summary>
public static class SocketIOEmitterExtensions
{
    private const string Name = "(emitter)";

    /// <summary>
    /// Adds an emitter: <see cref="ISocketEmitter"/> is a singleton service. What this returns takes the bus, in the same way as what <c>AddSocketIO</c>
    /// returns. The emitter connects when it is first asked for, and is flushed and disposed of with the services. Also adds the system's
    /// <see cref="TimeProvider"/> if none is registered.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Changes the defaults. Default null: none.</param>
    /// <returns>The builder that packages of buses extend.</returns>
    /// <example><code>builder.Services.AddSocketIOEmitter().AddRedis("127.0.0.1:6379");</code></example>
    public static ISocketServerBuilder AddSocketIOEmitter(this IServiceCollection services, Action<SocketEmitterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<ISocketEmitter>(static provider => Create(provider, Name));
        return Configure(services, Name, configure);
    }

    /// <summary>
    /// Adds a further emitter, with a bus of its own. Its <see cref="ISocketEmitter"/> is a keyed service: [FromKeyedServices("name")].
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="name">The name of the emitter.</param>
    /// <param name="configure">Changes the defaults. Default null: none.</param>
    /// <returns>The builder that packages of buses extend.</returns>
    public static ISocketServerBuilder AddSocketIOEmitter(this IServiceCollection services, string name, Action<SocketEmitterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.TryAddKeyedSingleton<ISocketEmitter>(name, static (provider, key) => Create(provider, OwnName((string)key!)));
        return Configure(services, OwnName(name), configure);
    }

    // A server may have the same name.
    private static string OwnName(string name) => $"{Name} {name}";

    private static ClusterEmitter Create(IServiceProvider provider, string name)
    {
        var node = provider.GetKeyedService<ClusterNode>(name)
            ?? throw new InvalidOperationException("AddSocketIOEmitter has no bus. Add one to what it returns, such as AddRedis(\"127.0.0.1:6379\").");
        return new ClusterEmitter(node, provider.GetRequiredService<IOptionsMonitor<SocketEmitterOptions>>().Get(name), provider);
    }

    private static Builder Configure(IServiceCollection services, string name, Action<SocketEmitterOptions>? configure)
    {
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        var options = services.AddOptions<SocketEmitterOptions>(name);
        if (configure is not null) options.Configure(configure);
        return new(name, services);
    }

    private sealed record Builder(string Name, IServiceCollection Services) : ISocketServerBuilder;
}

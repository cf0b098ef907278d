using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects a Socket.IO server to others over Redis.</summary>
public static class SocketIORedisExtensions
{
    /// <summary>
    /// Connects the server to others over Redis, with the configuration of the <see cref="IConnectionMultiplexer"/> among the services. The server does not
    /// use that connection: it opens two of its own from the text of <see cref="IConnectionMultiplexer.Configuration"/>. What the text cannot express, such as
    /// the callbacks that check a certificate or fetch a token, is not taken over; where you need it, pass a <see cref="ConfigurationOptions"/>.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSingleton&lt;IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect("127.0.0.1:6379"));
    /// builder.Services.AddSocketIO().AddRedis();
    /// </code></example>
    public static ISocketServerBuilder AddRedis(this ISocketServerBuilder builder) => AddRedis(builder, static _ => { });

    /// <summary>
    /// Connects the server to others over Redis. Rooms, broadcasts, acks and lists then span all servers, those of Node with <c>createAdapter</c> too. The server starts and serves its own
    /// clients whether or not Redis is reachable.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">Hosts and settings in the form of StackExchange.Redis, such as "10.0.0.5:6379,password=…,ssl=true".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> cannot be read.</exception>
    /// <example><code>builder.Services.AddSocketIO().AddRedis("127.0.0.1:6379");</code></example>
    public static ISocketServerBuilder AddRedis(this ISocketServerBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return AddRedis(builder, ConfigurationOptions.Parse(configuration));
    }

    /// <summary>The same as <see cref="AddRedis(ISocketServerBuilder, string)"/> with settings that are no text, such as callbacks.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">The servers, credentials and TLS. It is copied when the server connects.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddRedis(this ISocketServerBuilder builder, ConfigurationOptions configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return AddRedis(builder, options => options.Configuration = configuration);
    }

    /// <summary>The same as <see cref="AddRedis(ISocketServerBuilder, string)"/> with all settings.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Changes the defaults. Where it sets no <see cref="RedisOptions.Configuration"/>, that of the <see cref="IConnectionMultiplexer"/> among the services is used.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSocketIO().AddRedis(o =>
    /// {
    ///     o.Configuration = ConfigurationOptions.Parse("127.0.0.1:6379");
    ///     o.Prefix = "shop";
    /// });
    /// </code></example>
    public static ISocketServerBuilder AddRedis(this ISocketServerBuilder builder, Action<RedisOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        builder.Services.Configure(name, configure);
        return builder.AddClusterBus(services => CreateBus(services, Options(services, name)), services => CreateWire(Options(services, name)));
    }

    private static RedisOptions Options(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<RedisOptions>>().Get(name);

    private static RedisBus CreateBus(IServiceProvider services, RedisOptions options) => new(
        options.Configuration ?? ConfigurationOf(services, nameof(AddRedis)),
        isSharded: options.Wire == RedisWire.Sharded,
        options,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer"));

    private static ClusterWire CreateWire(RedisOptions options) => options.Wire switch
    {
        RedisWire.Classic => new ClassicWire(options.Prefix),
        RedisWire.Sharded => new JsonWire(options.Prefix, options.Rooms),
        _ => throw new InvalidOperationException($"RedisOptions.Wire is {options.Wire}, which is no form of messages."),
    };

    /// <summary>The configuration of the connection among the services.</summary>
    internal static ConfigurationOptions ConfigurationOf(IServiceProvider services, string method) =>
        services.GetService<IConnectionMultiplexer>() is { } connection
            ? ConfigurationOptions.Parse(connection.Configuration)
            : throw new InvalidOperationException(
                $"{method} has no configuration: pass a connection string or ConfigurationOptions to it, or add an IConnectionMultiplexer to the services.");
}

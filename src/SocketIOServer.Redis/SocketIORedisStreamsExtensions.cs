using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects a Socket.IO server to others over streams of Redis.</summary>
public static class SocketIORedisStreamsExtensions
{
    /// <summary>
    /// Connects the server to others over streams of Redis, with the configuration of the <see cref="IConnectionMultiplexer"/> among the services. The server
    /// opens connections of its own from the text of <see cref="IConnectionMultiplexer.Configuration"/>.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddRedisStreams(this ISocketServerBuilder builder) => AddRedisStreams(builder, static _ => { });

    /// <summary>
    /// Connects the server to others over streams of Redis, those of Node with @socket.io/redis-streams-adapter too. Events, joins, leaves and disconnects are
    /// entries of a stream, so a server that was away from Redis for a while reads them afterwards. The server starts and serves its own clients whether or not
    /// Redis is reachable.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">Hosts and settings in the form of StackExchange.Redis, such as "10.0.0.5:6379,password=…,ssl=true".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> cannot be read.</exception>
    /// <example><code>builder.Services.AddSocketIO().AddRedisStreams("127.0.0.1:6379");</code></example>
    public static ISocketServerBuilder AddRedisStreams(this ISocketServerBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return AddRedisStreams(builder, ConfigurationOptions.Parse(configuration));
    }

    /// <summary>The same as <see cref="AddRedisStreams(ISocketServerBuilder, string)"/> with settings that are no text, such as callbacks.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">The servers, credentials and TLS. It is copied when the server connects.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddRedisStreams(this ISocketServerBuilder builder, ConfigurationOptions configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return AddRedisStreams(builder, options => options.Configuration = configuration);
    }

    /// <summary>The same as <see cref="AddRedisStreams(ISocketServerBuilder, string)"/> with all settings.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Changes the defaults. Where it sets no <see cref="RedisStreamsOptions.Configuration"/>, that of the <see cref="IConnectionMultiplexer"/> among the services is used.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSocketIO().AddRedisStreams(o =>
    /// {
    ///     o.Configuration = ConfigurationOptions.Parse("127.0.0.1:6379");
    ///     o.MaxLength = 100_000;
    /// });
    /// </code></example>
    public static ISocketServerBuilder AddRedisStreams(this ISocketServerBuilder builder, Action<RedisStreamsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        builder.Services.Configure(name, configure);
        return builder.AddClusterBus(
            services =>
            {
                var options = Options(services);
                return new RedisBus(ConfigurationOf(services), options.IsSharded, options, services.GetRequiredService<TimeProvider>(), LoggerOf(services), "redis channels");
            },
            services => new StreamsWire(Options(services).Prefix, Options(services).OnlyPlaintext),
            services => new StreamLog(ConfigurationOf(services), Options(services), services.GetRequiredService<TimeProvider>(), LoggerOf(services)));

        RedisStreamsOptions Options(IServiceProvider services) => services.GetRequiredService<IOptionsMonitor<RedisStreamsOptions>>().Get(name);

        ConfigurationOptions ConfigurationOf(IServiceProvider services) =>
            Options(services).Configuration ?? SocketIORedisExtensions.ConfigurationOf(services, nameof(AddRedisStreams));
    }

    private static ILogger LoggerOf(IServiceProvider services) => services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer");
}

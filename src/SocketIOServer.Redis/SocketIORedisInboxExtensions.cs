using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps durable events in Redis.</summary>
public static class SocketIORedisInboxExtensions
{
    private const string DefaultPrefix = "socket.io";

    /// <summary>
    /// Keeps durable events in the Redis that <c>AddRedis</c> or <c>AddRedisStreams</c> has named for this server, over a connection of its own. The names of all keys begin with the prefix that
    /// was set there. If neither has named a Redis, the <see cref="IConnectionMultiplexer"/> among the services is used.
    /// </summary>
    /// <param name="builder">The server. <see cref="SocketServerOptions.Inbox"/> is set to its defaults if it is null.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>builder.Services.AddSocketIO().AddRedis("127.0.0.1:6379").AddRedisInbox();</code></example>
    public static ISocketServerBuilder AddRedisInbox(this ISocketServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        return Add(builder, services =>
        {
            var bus = services.GetRequiredService<IOptionsMonitor<RedisOptions>>().Get(name);
            var streams = services.GetRequiredService<IOptionsMonitor<RedisStreamsOptions>>().Get(name);
            // Only one of the two has been configured.
            var prefix = bus.Prefix != DefaultPrefix ? bus.Prefix : streams.Prefix;
            if ((bus.Configuration ?? streams.Configuration) is { } configuration) return Own(configuration, prefix);
            var connection = services.GetService<IConnectionMultiplexer>() ?? throw new InvalidOperationException(
                "AddRedisInbox has no configuration: call AddRedis or AddRedisStreams with one, pass a connection string or ConfigurationOptions to AddRedisInbox, or add an IConnectionMultiplexer to the services.");
            return new RedisInboxStore(() => Task.FromResult(connection), isOwner: false, prefix);
        });
    }

    /// <summary>
    /// Keeps durable events in Redis, over a connection of its own. They are there after a restart of the servers, and servers with the same Redis and prefix deliver each other's
    /// events. They are as safe as Redis keeps its data: see its option <c>appendonly</c>. While Redis does not answer, emitting a durable event throws.
    /// </summary>
    /// <param name="builder">The server. <see cref="SocketServerOptions.Inbox"/> is set to its defaults if it is null.</param>
    /// <param name="configuration">Hosts and settings in the form of StackExchange.Redis, such as "10.0.0.5:6379,password=…,ssl=true".</param>
    /// <param name="prefix">What the names of all keys begin with. Default "socket.io".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> cannot be read.</exception>
    /// <example><code>
    /// builder.Services.AddSocketIO()
    ///     .AddRedis("10.0.0.5:6379")
    ///     .AddRedisInbox("10.0.0.6:6379");
    /// </code></example>
    public static ISocketServerBuilder AddRedisInbox(this ISocketServerBuilder builder, string configuration, string prefix = DefaultPrefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return AddRedisInbox(builder, ConfigurationOptions.Parse(configuration), prefix);
    }

    /// <summary>The same as <see cref="AddRedisInbox(ISocketServerBuilder, string, string)"/> with settings that are no text, such as callbacks.</summary>
    /// <param name="builder">The server. <see cref="SocketServerOptions.Inbox"/> is set to its defaults if it is null.</param>
    /// <param name="configuration">The servers, credentials and TLS. It is copied when the server connects.</param>
    /// <param name="prefix">What the names of all keys begin with. Default "socket.io".</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddRedisInbox(this ISocketServerBuilder builder, ConfigurationOptions configuration, string prefix = DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(prefix);
        return Add(builder, _ => Own(configuration, prefix));
    }

    private static ISocketServerBuilder Add(ISocketServerBuilder builder, Func<IServiceProvider, IInboxStore> create)
    {
        builder.Services.TryAddSingleton(create);
        builder.Services.Configure<SocketServerOptions>(builder.Name, static options => options.Inbox ??= new());
        return builder;
    }

    private static RedisInboxStore Own(ConfigurationOptions configuration, string prefix) => new(
        async () =>
        {
            var own = configuration.Clone();
            // A caller learns at once that Redis is away, and does not wait for it.
            own.BacklogPolicy = BacklogPolicy.FailFast;
            return await ConnectionMultiplexer.ConnectAsync(own);
        },
        isOwner: true,
        prefix);
}

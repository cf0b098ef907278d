using Microsoft.Extensions.DependencyInjection.Extensions;
using SocketIOServer;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps durable events in Redis.</summary>
public static class SocketIORedisInboxExtensions
{
    private const string DefaultPrefix = "socket.io";

    /// <summary>Keeps durable events in Redis, over the <see cref="IConnectionMultiplexer"/> among the services. The names of all keys begin with "socket.io".</summary>
    /// <param name="builder">The server. Set <see cref="SocketServerOptions.Inbox"/> too.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddRedisInbox(this ISocketServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IInboxStore>(services =>
        {
            var connection = services.GetService<IConnectionMultiplexer>() ?? throw new InvalidOperationException(
                "AddRedisInbox has no configuration: pass a connection string or ConfigurationOptions to it, as to AddRedis, or add an IConnectionMultiplexer to the services.");
            return new RedisInboxStore(() => Task.FromResult(connection), isOwner: false, DefaultPrefix);
        });
        return builder;
    }

    /// <summary>
    /// Keeps durable events in Redis, over a connection of its own. They are there after a restart of the servers, and servers with the same Redis and prefix deliver each other's
    /// events. They are as safe as Redis keeps its data: see its option <c>appendonly</c>. While Redis does not answer, emitting a durable event throws.
    /// </summary>
    /// <param name="builder">The server. Set <see cref="SocketServerOptions.Inbox"/> too.</param>
    /// <param name="configuration">Hosts and settings in the form of StackExchange.Redis, such as "10.0.0.5:6379,password=…,ssl=true".</param>
    /// <param name="prefix">What the names of all keys begin with. Default "socket.io".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> cannot be read.</exception>
    /// <example><code>
    /// builder.Services.AddSocketIO(options => options.Inbox = new())
    ///     .AddRedis("127.0.0.1:6379")
    ///     .AddRedisInbox("127.0.0.1:6379");
    /// </code></example>
    public static ISocketServerBuilder AddRedisInbox(this ISocketServerBuilder builder, string configuration, string prefix = DefaultPrefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return AddRedisInbox(builder, ConfigurationOptions.Parse(configuration), prefix);
    }

    /// <summary>The same as <see cref="AddRedisInbox(ISocketServerBuilder, string, string)"/> with settings that are no text, such as callbacks.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">The servers, credentials and TLS. It is copied when the server connects.</param>
    /// <param name="prefix">What the names of all keys begin with. Default "socket.io".</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddRedisInbox(this ISocketServerBuilder builder, ConfigurationOptions configuration, string prefix = DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(prefix);
        builder.Services.TryAddSingleton<IInboxStore>(_ => new RedisInboxStore(
            async () =>
            {
                var own = configuration.Clone();
                // A caller learns at once that Redis is away, and does not wait for it.
                own.BacklogPolicy = BacklogPolicy.FailFast;
                return await ConnectionMultiplexer.ConnectAsync(own);
            },
            isOwner: true,
            prefix));
        return builder;
    }
}

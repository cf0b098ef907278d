using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SocketIOServer;
using SocketIOServer.Redis;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects a Socket.IO server to servers of Python over Redis.</summary>
public static class SocketIOPythonExtensions
{
    /// <summary>The same as <see cref="AddPython(ISocketServerBuilder, string)"/> with the configuration of the <see cref="IConnectionMultiplexer"/> among the services.</summary>
    /// <param name="builder">The server.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddPython(this ISocketServerBuilder builder) => AddPython(builder, static _ => { });

    /// <summary>
    /// Connects the server to servers of python-socketio (<c>RedisManager</c>) and Flask-SocketIO (<c>message_queue</c>) over Redis: events, rooms and disconnects
    /// then reach the clients of both. Python has no message for lists: <c>FetchSocketsAsync</c>, <c>CountAsync</c> and <c>RoomsAsync</c> do not see its
    /// sockets. Where several servers of ours are one cluster, each needs this call beside <c>AddRedis</c> or another bus.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">Hosts and settings in the form of StackExchange.Redis, such as "10.0.0.5:6379,password=…,ssl=true".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> cannot be read.</exception>
    /// <example><code>builder.Services.AddSocketIO().AddRedis("127.0.0.1:6379").AddPython("127.0.0.1:6379");</code></example>
    public static ISocketServerBuilder AddPython(this ISocketServerBuilder builder, string configuration)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return AddPython(builder, ConfigurationOptions.Parse(configuration));
    }

    /// <summary>The same as <see cref="AddPython(ISocketServerBuilder, string)"/> with settings that are no text, such as callbacks.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configuration">The servers, credentials and TLS. It is copied when the server connects.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddPython(this ISocketServerBuilder builder, ConfigurationOptions configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return AddPython(builder, options => options.Configuration = configuration);
    }

    /// <summary>The same as <see cref="AddPython(ISocketServerBuilder, string)"/> with all settings.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Changes the defaults. Where it sets no <see cref="PythonOptions.Configuration"/>, that of the <see cref="IConnectionMultiplexer"/> among the services is used.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSocketIO().AddPython(o =>
    /// {
    ///     o.Configuration = ConfigurationOptions.Parse("127.0.0.1:6379");
    ///     o.Channel = "flask-socketio";
    /// });
    /// </code></example>
    public static ISocketServerBuilder AddPython(this ISocketServerBuilder builder, Action<PythonOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        builder.Services.Configure(name, configure);
        return builder.AddClusterBridge(services =>
        {
            var options = services.GetRequiredService<IOptionsMonitor<PythonOptions>>().Get(name);
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer");
            var configuration = options.Configuration ?? SocketIORedisExtensions.ConfigurationOf(services, nameof(AddPython));
            return new PythonBridge(new RedisBus(configuration, isSharded: false, options, services.GetRequiredService<TimeProvider>(), logger, "python"), options, logger);
        });
    }
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.Nats;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects a Socket.IO server to others over NATS.</summary>
public static class SocketIONatsExtensions
{
    /// <summary>
    /// Connects the server to others over NATS, with the <see cref="NatsOpts"/> of the <see cref="INatsConnection"/> among the services, or else with the
    /// <see cref="NatsOpts"/> among them. The server opens a connection of its own.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddNats(this ISocketServerBuilder builder) => AddNats(builder, static _ => { });

    /// <summary>
    /// Connects the server to others over NATS. Rooms, broadcasts, acks and lists then span all servers. The server starts and serves its own clients whether
    /// or not NATS is reachable.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="url">The address of a NATS server, or several with commas between them, such as "nats://user:password@10.0.0.5:4222".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="url"/> is not an address.</exception>
    /// <example><code>builder.Services.AddSocketIO().AddNats("nats://127.0.0.1:4222");</code></example>
    public static ISocketServerBuilder AddNats(this ISocketServerBuilder builder, string url)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(url);
        foreach (var one in url.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(one.Contains("://", StringComparison.Ordinal) ? one : "nats://" + one, UriKind.Absolute, out _)) throw new ArgumentException($"\"{one}\" is not an address of a NATS server.", nameof(url));
        }

        return AddNats(builder, new NatsOpts { Url = url });
    }

    /// <summary>The same as <see cref="AddNats(ISocketServerBuilder, string)"/> with credentials, TLS and whatever else a connection has.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="connection">The settings of the connection.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddNats(this ISocketServerBuilder builder, NatsOpts connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return AddNats(builder, options => options.Connection = connection);
    }

    /// <summary>The same as <see cref="AddNats(ISocketServerBuilder, string)"/> with all settings.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Changes the defaults. Where it sets no <see cref="NatsOptions.Connection"/>, the services are asked as in <see cref="AddNats(ISocketServerBuilder)"/>.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSocketIO().AddNats(o =>
    /// {
    ///     o.Connection = new NatsOpts { Url = "nats://10.0.0.5:4222", AuthOpts = new NatsAuthOpts { CredsFile = "shop.creds" } };
    ///     o.Prefix = "shop";
    /// });
    /// </code></example>
    public static ISocketServerBuilder AddNats(this ISocketServerBuilder builder, Action<NatsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        builder.Services.Configure(name, configure);
        return builder.AddClusterBus(services => CreateBus(services, Options(services, name)), services => CreateWire(Options(services, name)));
    }

    private static NatsOptions Options(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<NatsOptions>>().Get(name);

    private static NatsBus CreateBus(IServiceProvider services, NatsOptions options) => new(
        options.Connection ?? ConnectionOf(services),
        options,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer"));

    private static JsonWire CreateWire(NatsOptions options) => new(options.Prefix, options.Rooms);

    private static NatsOpts ConnectionOf(IServiceProvider services) =>
        services.GetService<INatsConnection>()?.Opts ?? services.GetService<NatsOpts>() ?? throw new InvalidOperationException(
            "AddNats has no address: pass one or NatsOpts to it, or add an INatsConnection or NatsOpts to the services.");
}

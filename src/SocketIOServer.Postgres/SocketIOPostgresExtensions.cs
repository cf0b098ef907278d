using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SocketIOServer;
using SocketIOServer.Cluster;
using SocketIOServer.Postgres;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects a Socket.IO server to others over PostgreSQL.</summary>
public static class SocketIOPostgresExtensions
{
    /// <summary>
    /// Connects the server to others over the PostgreSQL of the <see cref="NpgsqlDataSource"/> among the services. The server keeps three of its connections.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=127.0.0.1;Database=shop;Username=shop;Password=…"));
    /// builder.Services.AddSocketIO().AddPostgres();
    /// </code></example>
    public static ISocketServerBuilder AddPostgres(this ISocketServerBuilder builder) => AddPostgres(builder, static _ => { });

    /// <summary>
    /// Connects the server to others over PostgreSQL. Rooms, broadcasts, acks and lists then span all servers, those of Node with @socket.io/postgres-adapter
    /// too. The server starts and serves its own clients whether or not PostgreSQL is reachable.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="connectionString">Host, database and credentials in the form of Npgsql.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> cannot be read.</exception>
    /// <example><code>builder.Services.AddSocketIO().AddPostgres("Host=127.0.0.1;Database=shop;Username=shop;Password=…");</code></example>
    public static ISocketServerBuilder AddPostgres(this ISocketServerBuilder builder, string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        // Here, where the mistake is, and not when the server starts.
        _ = new NpgsqlConnectionStringBuilder(connectionString);
        return AddPostgres(builder, options => options.ConnectionString = connectionString);
    }

    /// <summary>The same as <see cref="AddPostgres(ISocketServerBuilder, string)"/> with a data source, which may fetch its password or check certificates by code.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="dataSource">The server keeps three of its connections, and does not dispose of it.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddPostgres(this ISocketServerBuilder builder, NpgsqlDataSource dataSource)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return AddPostgres(builder, options => options.DataSource = dataSource);
    }

    /// <summary>The same as <see cref="AddPostgres(ISocketServerBuilder, string)"/> with all settings.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">
    /// Changes the defaults. Where it sets neither a connection string nor a data source, the <see cref="NpgsqlDataSource"/> among the services is used.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <example><code>
    /// builder.Services.AddSocketIO().AddPostgres(o =>
    /// {
    ///     o.ConnectionString = "Host=127.0.0.1;Database=shop;Username=shop;Password=…";
    ///     o.Prefix = "shop";
    ///     o.CreateTable = false;
    /// });
    /// </code></example>
    public static ISocketServerBuilder AddPostgres(this ISocketServerBuilder builder, Action<PostgresOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        builder.Services.Configure(name, configure);
        return builder.AddClusterBus(services => CreateBus(services, Options(services, name)), services => new PostgresWire(Options(services, name).Prefix));
    }

    private static PostgresOptions Options(IServiceProvider services, string name) => services.GetRequiredService<IOptionsMonitor<PostgresOptions>>().Get(name);

    private static PostgresBus CreateBus(IServiceProvider services, PostgresOptions options)
    {
        var source = options.ConnectionString is { } text
            ? OwnSource(text, options)
            : options.DataSource ?? services.GetService<NpgsqlDataSource>() ?? throw new InvalidOperationException(
                "AddPostgres has no connection: pass a connection string or a data source to it, or add an NpgsqlDataSource to the services.");
        return new(
            options,
            source,
            ownsSource: options.ConnectionString is not null,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("SocketIOServer"));
    }

    private static NpgsqlDataSource OwnSource(string text, ClusterBusOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(text)
        {
            // The connections are kept, and one that is closed must not go on listening in a pool.
            Pooling = false,
            // A PostgreSQL that does not answer would not answer to a cancellation either.
            CancellationTimeout = -1,
        };
        settings.Timeout = Math.Clamp((int)options.ConnectTimeout.TotalSeconds, 1, settings.Timeout is 0 ? int.MaxValue : settings.Timeout);
        settings.ApplicationName ??= "SocketIOServer";
        return NpgsqlDataSource.Create(settings);
    }
}

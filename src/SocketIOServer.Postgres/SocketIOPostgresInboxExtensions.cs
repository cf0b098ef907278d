using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using SocketIOServer;
using SocketIOServer.Postgres;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps durable events in PostgreSQL.</summary>
public static class SocketIOPostgresInboxExtensions
{
    private const string DefaultTable = "socket_io_inbox";

    // Whoever emits learns within this time that PostgreSQL does not answer.
    private const int TimeoutSeconds = 5;

    /// <summary>
    /// Keeps durable events in the table "socket_io_inbox" of the database that <c>AddPostgres</c> has named for this server, over connections of its own or, if <c>AddPostgres</c> has a data source,
    /// over that. If it has named neither, the <see cref="NpgsqlDataSource"/> among the services is used.
    /// </summary>
    /// <param name="builder">The server. <see cref="SocketServerOptions.Inbox"/> is set to its defaults if it is null.</param>
    /// <returns>The same builder.</returns>
    /// <example><code>builder.Services.AddSocketIO().AddPostgres("Host=127.0.0.1;Database=shop;Username=shop;Password=…").AddPostgresInbox();</code></example>
    public static ISocketServerBuilder AddPostgresInbox(this ISocketServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var name = builder.Name;
        return Add(builder, services =>
        {
            var bus = services.GetRequiredService<IOptionsMonitor<PostgresOptions>>().Get(name);
            if (bus.ConnectionString is { } connectionString) return Own(connectionString, DefaultTable);
            var source = bus.DataSource ?? services.GetService<NpgsqlDataSource>() ?? throw new InvalidOperationException(
                "AddPostgresInbox has no connection: call AddPostgres with one, pass a connection string or a data source to AddPostgresInbox, or add an NpgsqlDataSource to the services.");
            return new PostgresInboxStore(source, isOwner: false, DefaultTable);
        });
    }

    /// <summary>
    /// Keeps durable events in PostgreSQL, over connections of its own. They are there after a restart of the servers, and servers with the same table deliver each other's
    /// events. While PostgreSQL does not answer, emitting a durable event throws. The table is created on the first use, if it is not there.
    /// </summary>
    /// <param name="builder">The server. <see cref="SocketServerOptions.Inbox"/> is set to its defaults if it is null.</param>
    /// <param name="connectionString">Host, database and credentials in the form of Npgsql. Its timeouts are 5 seconds if it does not name others.</param>
    /// <param name="tableName">The table: "name" or "schema.name" of letters, digits and underscores. Default "socket_io_inbox".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> cannot be read, or <paramref name="tableName"/> is no name.</exception>
    /// <example><code>
    /// builder.Services.AddSocketIO()
    ///     .AddRedis("127.0.0.1:6379")
    ///     .AddPostgresInbox("Host=127.0.0.1;Database=shop;Username=shop;Password=…");
    /// </code></example>
    public static ISocketServerBuilder AddPostgresInbox(this ISocketServerBuilder builder, string connectionString, string tableName = DefaultTable)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        TableName.Check(tableName);
        // Here, where the mistake is, and not when the server starts.
        _ = new NpgsqlConnectionStringBuilder(connectionString);
        return Add(builder, _ => Own(connectionString, tableName));
    }

    /// <summary>The same as <see cref="AddPostgresInbox(ISocketServerBuilder, string, string)"/> with a data source, which may fetch its password or check certificates by code.</summary>
    /// <param name="builder">The server. <see cref="SocketServerOptions.Inbox"/> is set to its defaults if it is null.</param>
    /// <param name="dataSource">Each call takes one of its connections for a moment. The server does not dispose of it.</param>
    /// <param name="tableName">The table.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddPostgresInbox(this ISocketServerBuilder builder, NpgsqlDataSource dataSource, string tableName = DefaultTable)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        TableName.Check(tableName);
        return Add(builder, _ => new PostgresInboxStore(dataSource, isOwner: false, tableName));
    }

    private static ISocketServerBuilder Add(ISocketServerBuilder builder, Func<IServiceProvider, IInboxStore> create)
    {
        builder.Services.TryAddSingleton(create);
        builder.Services.Configure<SocketServerOptions>(builder.Name, static options => options.Inbox ??= new());
        return builder;
    }

    private static PostgresInboxStore Own(string connectionString, string tableName)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "SocketIOServer";
        if (!settings.ContainsKey(nameof(settings.Timeout))) settings.Timeout = TimeoutSeconds;
        if (!settings.ContainsKey("Command Timeout")) settings.CommandTimeout = TimeoutSeconds;
        return new(NpgsqlDataSource.Create(settings), isOwner: true, tableName);
    }
}

using Microsoft.Extensions.DependencyInjection.Extensions;
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

    /// <summary>Keeps durable events in the table "socket_io_inbox", over the <see cref="NpgsqlDataSource"/> among the services.</summary>
    /// <param name="builder">The server. Set <see cref="SocketServerOptions.Inbox"/> too.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddPostgresInbox(this ISocketServerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<IInboxStore>(services => new PostgresInboxStore(
            services.GetService<NpgsqlDataSource>() ?? throw new InvalidOperationException(
                "AddPostgresInbox has no connection: pass a connection string or a data source to it, as to AddPostgres, or add an NpgsqlDataSource to the services."),
            isOwner: false,
            DefaultTable));
        return builder;
    }

    /// <summary>
    /// Keeps durable events in PostgreSQL, over connections of its own. They are there after a restart of the servers, and servers with the same table deliver each other's
    /// events. While PostgreSQL does not answer, emitting a durable event throws. The table is created on the first use, if it is not there.
    /// </summary>
    /// <param name="builder">The server. Set <see cref="SocketServerOptions.Inbox"/> too.</param>
    /// <param name="connectionString">Host, database and credentials in the form of Npgsql. Its timeouts are 5 seconds if it does not name others.</param>
    /// <param name="tableName">The table: "name" or "schema.name" of letters, digits and underscores. Default "socket_io_inbox".</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> cannot be read, or <paramref name="tableName"/> is no name.</exception>
    /// <example><code>
    /// builder.Services.AddSocketIO(options => options.Inbox = new())
    ///     .AddPostgres("Host=127.0.0.1;Database=shop;Username=shop;Password=…")
    ///     .AddPostgresInbox("Host=127.0.0.1;Database=shop;Username=shop;Password=…");
    /// </code></example>
    public static ISocketServerBuilder AddPostgresInbox(this ISocketServerBuilder builder, string connectionString, string tableName = DefaultTable)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        TableName.Check(tableName);
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "SocketIOServer";
        if (!settings.ContainsKey(nameof(settings.Timeout))) settings.Timeout = TimeoutSeconds;
        if (!settings.ContainsKey("Command Timeout")) settings.CommandTimeout = TimeoutSeconds;
        builder.Services.TryAddSingleton<IInboxStore>(_ => new PostgresInboxStore(NpgsqlDataSource.Create(settings), isOwner: true, tableName));
        return builder;
    }

    /// <summary>The same as <see cref="AddPostgresInbox(ISocketServerBuilder, string, string)"/> with a data source, which may fetch its password or check certificates by code.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="dataSource">Each call takes one of its connections for a moment. The server does not dispose of it.</param>
    /// <param name="tableName">The table.</param>
    /// <returns>The same builder.</returns>
    public static ISocketServerBuilder AddPostgresInbox(this ISocketServerBuilder builder, NpgsqlDataSource dataSource, string tableName = DefaultTable)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataSource);
        TableName.Check(tableName);
        builder.Services.TryAddSingleton<IInboxStore>(_ => new PostgresInboxStore(dataSource, isOwner: false, tableName));
        return builder;
    }
}

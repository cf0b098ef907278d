using Npgsql;

namespace SocketIOServer.Postgres;

/// <summary>How a server reaches the other servers of its cluster over PostgreSQL. All servers of a cluster need the same database, prefix and table.</summary>
public sealed class PostgresOptions : PostgresBusOptions
{
    /// <summary>
    /// Host, database and credentials in the form of Npgsql. The server opens connections of its own with it, without a pool. Default null:
    /// <see cref="PostgresBusOptions.DataSource"/> is used, and where that is null too, the <see cref="NpgsqlDataSource"/> among the services.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>What the names of all channels begin with. Clusters with different prefixes can share one database. Default "socket.io", as in Node.</summary>
    public string Prefix { get; set; } = "socket.io";
}

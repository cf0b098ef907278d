using Npgsql;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres;

/// <summary>How a <see cref="PostgresBus"/> reaches PostgreSQL.</summary>
public class PostgresBusOptions : ClusterBusOptions
{
    /// <summary>
    /// Where the bus takes its connections from: at most three, which it keeps. LISTEN needs a connection to PostgreSQL itself, or a pooler that keeps a
    /// connection for each session: PgBouncer in transaction mode does not work. Required by <see cref="PostgresBus"/>. The bus does not dispose of it.
    /// </summary>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>
    /// The table for messages that have binary or are longer than 7,999 bytes, with its schema if it is not on the search path: "name" or "schema.name" of
    /// letters, digits and underscores. Default "socket_io_attachments", as in Node.
    /// </summary>
    public string TableName { get; set; } = "socket_io_attachments";

    /// <summary>
    /// Create the table if it does not exist when the bus connects. Default true. If the role may not create it, the bus logs a warning with the statement
    /// and carries short messages without binary.
    /// </summary>
    public bool CreateTable { get; set; } = true;

    /// <summary>How often messages are removed from the table, and how old they must be. Default 30 s, as in Node.</summary>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest message that is read from the table. Larger ones are dropped. Default 10 MiB.</summary>
    public int MaxAttachmentBytes { get; set; } = 10 << 20;
}

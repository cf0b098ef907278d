using System.Text;
using SocketIOServer.Cluster;

namespace SocketIOServer.Postgres;

/// <summary>Names of channels. A client names dynamic namespaces, so a name may contain characters that SQL reads as something else.</summary>
internal static class PostgresChannel
{
    /// <summary>PostgreSQL can have a channel of this name.</summary>
    public static bool CanBe(string name) => name.Length > 0 && !name.Contains('\0') && Encoding.UTF8.GetByteCount(name) <= PostgresWire.MaxChannelLength;

    /// <summary>The name as an identifier of SQL.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

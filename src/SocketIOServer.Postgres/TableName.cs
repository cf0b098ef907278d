using System.Text.RegularExpressions;

namespace SocketIOServer.Postgres;

/// <summary>The name of a table, which stands in statements as it is: nothing else than a name gets into them.</summary>
internal static partial class TableName
{
    // Node does not quote the name, so it is folded to small letters as elsewhere in SQL.
    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)?$")]
    private static partial Regex Name { get; }

    /// <exception cref="ArgumentException">It is no name.</exception>
    public static string Check(string name) => Name.IsMatch(name)
        ? name
        : throw new ArgumentException($"\"{name}\" is no name of a table: letters, digits and underscores, with the schema and a point before it if need be.", nameof(name));
}

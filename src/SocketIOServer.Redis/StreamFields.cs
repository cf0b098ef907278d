using System.Globalization;
using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>
/// The fields of a stream's entry in the order of @socket.io/redis-streams-adapter: uid, nsp, type, data, and behind them <c>n</c> of ours, which Node's
/// servers pass over.
/// </summary>
internal static class StreamFields
{
    private const int MaxNameLength = 4096;

    public static NameValueEntry[] Write(LogEntry entry) =>
    [
        new("uid", entry.Sender),
        new("nsp", entry.Namespace),
        new("type", entry.Type),
        new("data", entry.Data),
        new("n", entry.Number),
    ];

    /// <summary>Reads the names and values of an entry, one after another. Null: it is none of a server.</summary>
    public static LogEntry? Read(RedisResult[] fields)
    {
        string? sender = null, name = null;
        var type = -1;
        var number = 0L;
        ReadOnlyMemory<byte> data = default;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var value = (RedisValue)fields[i + 1];
            switch ((string?)fields[i])
            {
                case "uid":
                    sender = TextOf(value);
                    break;
                case "nsp":
                    name = TextOf(value);
                    break;
                case "type":
                    if (!int.TryParse(TextOf(value), NumberStyles.None, CultureInfo.InvariantCulture, out type)) return null;
                    break;
                case "data":
                    data = value;
                    break;
                case "n":
                    if (!long.TryParse(TextOf(value), NumberStyles.None, CultureInfo.InvariantCulture, out number)) return null;
                    break;
            }
        }

        return string.IsNullOrEmpty(sender) || string.IsNullOrEmpty(name) || type < 0
            ? null
            : new() { Sender = sender, Namespace = name, Type = type, Data = data, Number = number };
    }

    private static string? TextOf(RedisValue value) => ((ReadOnlyMemory<byte>)value).Length <= MaxNameLength ? (string?)value : null;
}

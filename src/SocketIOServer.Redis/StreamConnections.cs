using System.Net;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>The connections to Redis: one to write, and others to read, because a blocking XREAD holds up everything behind it.</summary>
internal sealed class StreamConnections(ConfigurationOptions configuration, RedisStreamsOptions options)
{
    private const int ReadTimeout = 10_000;

    private readonly List<ConnectionMultiplexer> _open = [];
    private readonly List<(EndPoint Server, string Id, string Address)> _writers = [];
    private volatile IDatabase? _writer;

    /// <summary>The connection to write. Null: there was none yet. It may have ended.</summary>
    public IDatabase? Writer => _writer;

    /// <summary>Opens the connection to write. Once it completes, nothing that was sent on an earlier one can be executed any more.</summary>
    /// <param name="onLost">Called when any of the connections ends.</param>
    public async Task OpenWriterAsync(Action<Exception?> onLost)
    {
        var writer = await OpenAsync(Math.Min(configuration.AsyncTimeout, (int)options.ProbeInterval.TotalMilliseconds), onLost);
        _writer = writer.GetDatabase();
        await EndEarlierWritersAsync(writer);
    }

    /// <summary>Opens the connections to read, and says which streams each of them reads.</summary>
    public async Task<IReadOnlyList<(IDatabase Database, string[] Streams)>> OpenReadersAsync(IReadOnlyList<string> streams, Action<Exception?> onLost)
    {
        // In a Redis Cluster the streams are on several nodes, and one XREAD cannot ask for all.
        var isCluster = _open[0].GetServers().Any(static server => server.ServerType == ServerType.Cluster);
        string[][] groups = isCluster ? [.. streams.Select(static stream => (string[])[stream])] : [[.. streams]];
        var readers = new List<(IDatabase, string[])>();
        foreach (var group in groups) readers.Add(((await OpenAsync(ReadTimeout, onLost)).GetDatabase(), group));
        return readers;
    }

    public async Task CloseAsync()
    {
        var open = _open.ToArray();
        _open.Clear();
        await Task.WhenAll(open.Select(CloseAsync));
    }

    // A Redis that does not answer must not hold up the next attempt.
    private static async Task CloseAsync(ConnectionMultiplexer connection)
    {
        await connection.CloseAsync(allowCommandsToComplete: false);
        connection.Dispose();
    }

    // A Redis that was frozen executes what is still in the buffer of a connection that we have closed, unless it closes the connection first. The address
    // guards against another connection that got the same id after a restart of Redis.
    private async Task EndEarlierWritersAsync(ConnectionMultiplexer writer)
    {
        foreach (var server in writer.GetServers())
        {
            if (!server.IsConnected || server.IsReplica) continue;
            try
            {
                foreach (var earlier in _writers.Where(earlier => earlier.Server.Equals(server.EndPoint)))
                    await server.ExecuteAsync("CLIENT", "KILL", "ID", earlier.Id, "ADDR", earlier.Address);
                _writers.RemoveAll(earlier => earlier.Server.Equals(server.EndPoint));
                var self = (string?)await server.ExecuteAsync("CLIENT", "INFO") ?? "";
                if (FieldOf(self, "id") is { } id && FieldOf(self, "addr") is { } address) _writers.Add((server.EndPoint, id, address));
            }
            catch (Exception e) when (e is RedisServerException or RedisCommandException)
            {
                // An old Redis, or a user who may not do this. Our servers know an entry that is written twice by its number; Node's deliver it twice.
            }
        }
    }

    private static string? FieldOf(string line, string name) =>
        line.Split(' ').FirstOrDefault(field => field.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();

    private async Task<ConnectionMultiplexer> OpenAsync(int asyncTimeout, Action<Exception?> onLost)
    {
        var copy = configuration.Clone();
        // The log connects again by itself: it also has to read what it has missed before it counts as alive.
        copy.AbortOnConnectFail = true;
        // For CLIENT KILL.
        copy.AllowAdmin = true;
        copy.ConnectRetry = 1;
        copy.BacklogPolicy = BacklogPolicy.FailFast;
        copy.HeartbeatInterval = TimeSpan.FromSeconds(1);
        copy.AsyncTimeout = asyncTimeout;
        copy.ConnectTimeout = Math.Min(copy.ConnectTimeout, (int)options.ConnectTimeout.TotalMilliseconds);
        // An answer to XREAD is a list in the one version of the protocol and a map in the other.
        copy.Protocol = RedisProtocol.Resp2;
        var connection = await ConnectionMultiplexer.ConnectAsync(copy);
        _open.Add(connection);
        // Of a Redis Cluster one node may go and come; StackExchange.Redis connects to it again.
        connection.ConnectionFailed += (_, failure) =>
        {
            if (failure.ConnectionType == ConnectionType.Interactive && connection.GetServers() is [_]) onLost(failure.Exception);
        };
        return connection;
    }
}

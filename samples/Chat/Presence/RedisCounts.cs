using SocketIOServer;
using StackExchange.Redis;

namespace Chat.Presence;

/// <summary>
/// Writes the online counts into Redis, where other programs read them: the hash "chat:online" with the fields "users" and "room:ID". One node writes, the
/// one with the smallest id, for each node knows the counts of all. The hash expires 15 seconds after the last node has died.
/// </summary>
internal sealed partial class RedisCounts : BackgroundService
{
    public const string Key = "chat:online";

    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // Without a change it is written again every so many looks, well before it expires.
    private const int LooksBetweenWrites = 10;

    private readonly OnlineUsers _online;
    private readonly ISocketCluster _cluster;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _configuration;
    private bool _isChanged = true;

    public RedisCounts(OnlineUsers online, [FromKeyedServices(ChatApp.Server)] ISocketServer server, TimeProvider time, ILogger<RedisCounts> logger, ClusterSettings settings)
    {
        (_online, _cluster, _time, _logger, _configuration) = (online, server.Cluster, time, logger, settings.Redis!);
        online.Changed += _ => Volatile.Write(ref _isChanged, true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var configuration = ConfigurationOptions.Parse(_configuration);
        configuration.AbortOnConnectFail = false;   // it goes on trying
        await using var redis = await ConnectionMultiplexer.ConnectAsync(configuration);
        using var timer = new PeriodicTimer(Look, _time);
        for (var looks = 0; await timer.WaitForNextTickAsync(stoppingToken); looks++)
        {
            if (_cluster.Nodes.Min(node => node.Id) != _cluster.NodeId) continue;
            if (!Interlocked.Exchange(ref _isChanged, false) && looks % LooksBetweenWrites > 0) continue;
            try
            {
                await WriteAsync(redis.GetDatabase());
            }
            catch (RedisException error)
            {
                // Written again with the next look; the chat goes on meanwhile.
                Volatile.Write(ref _isChanged, true);
                LogNotWritten(error);
            }
        }
    }

    private Task<bool> WriteAsync(IDatabase redis)
    {
        var (users, rooms) = _online.Counts;
        var transaction = redis.CreateTransaction();
        _ = transaction.KeyDeleteAsync(Key);
        _ = transaction.HashSetAsync(Key, [new("users", users), .. rooms.Select(room => new HashEntry($"room:{room.Room}", room.Users))]);
        _ = transaction.KeyExpireAsync(Key, Expiry);
        return transaction.ExecuteAsync();
    }

    [LoggerMessage(LogLevel.Debug, "The online counts were not written to Redis.")]
    private partial void LogNotWritten(Exception error);
}

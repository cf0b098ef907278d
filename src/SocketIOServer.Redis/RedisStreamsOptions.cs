using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>
/// How a server reaches the other servers of its cluster over streams of Redis. The names in parentheses are the options of @socket.io/redis-streams-adapter;
/// all servers of a cluster, Node's too, need the same values for them.
/// </summary>
public sealed class RedisStreamsOptions : ClusterBusOptions
{
    /// <summary>
    /// The servers, credentials and TLS. Default null: the configuration of the <see cref="IConnectionMultiplexer"/> among the services. The server opens four
    /// connections of its own in either case: two for streams and two for PUBLISH and SUBSCRIBE.
    /// </summary>
    public ConfigurationOptions? Configuration { get; set; }

    /// <summary>The key of the stream, or what the keys of the streams begin with (streamName). Default "socket.io".</summary>
    public string StreamName { get; set; } = "socket.io";

    /// <summary>Over how many streams the namespaces are spread (streamCount). Default 1. More than one helps only with a Redis Cluster.</summary>
    public int StreamCount { get; set; } = 1;

    /// <summary>
    /// About how many entries a stream keeps (maxLen). A server that is away from Redis for longer than it takes to write so many misses some. Default 10,000.
    /// </summary>
    public int MaxLength { get; set; } = 10_000;

    /// <summary>What the names of the channels begin with (channelPrefix). Default "socket.io".</summary>
    public string Prefix { get; set; } = "socket.io";

    /// <summary>Use SPUBLISH and SSUBSCRIBE of Redis 7 for the channels (useShardedPubSub). Default false.</summary>
    public bool IsSharded { get; set; }

    /// <summary>
    /// Write binary arguments as JSON, <c>{"type":"Buffer","data":[1,2]}</c> (onlyPlaintext). The clients of other servers then get such an object in place of
    /// the bytes. Default false.
    /// </summary>
    public bool OnlyPlaintext { get; set; }

    /// <summary>
    /// Clients of this server get its events when they are read back from the stream, so that all clients of all servers get the events of a stream in one
    /// order. That adds the time of one round trip to Redis. Where the stream does not answer within 250 ms, clients get the events without waiting for it.
    /// Default false: clients of this server get its events at once, and those of other servers get them in the order of the stream.
    /// </summary>
    public bool DeliversInOrder { get; set; }

    /// <summary>How long an event for the other servers waits for a Redis that is away before it is dropped and counted. Default 1 minute.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// What the keys of the sessions begin with that are kept for clients which have lost their connection (sessionKeyPrefix). Default "sio:session:". Used with
    /// <see cref="SocketServerOptions.Recovery"/>.
    /// </summary>
    public string SessionPrefix { get; set; } = "sio:session:";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(StreamName);
        ArgumentNullException.ThrowIfNull(SessionPrefix);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(StreamCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StreamCount, 1000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxWait, TimeSpan.Zero);
    }
}

using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>How a server reaches the other servers of its cluster over Redis. All servers of a cluster need the same values but for the limits.</summary>
public sealed class RedisOptions : ClusterBusOptions
{
    /// <summary>
    /// The servers, credentials and TLS. Default null: the configuration of the <see cref="IConnectionMultiplexer"/> among the services. The server opens
    /// two connections of its own in either case, one to publish and one to subscribe.
    /// </summary>
    public ConfigurationOptions? Configuration { get; set; }

    /// <summary>How messages are written, and on which channels they travel. Default <see cref="RedisWire.Classic"/>, as <c>createAdapter</c> in Node.</summary>
    public RedisWire Wire { get; set; } = RedisWire.Classic;

    /// <summary>
    /// Which rooms have a channel of their own with <see cref="RedisWire.Sharded"/>. Default <see cref="RoomChannels.Dynamic"/>, as in Node. Without a meaning for
    /// <see cref="RedisWire.Classic"/>.
    /// </summary>
    public RoomChannels Rooms { get; set; } = RoomChannels.Dynamic;

    /// <summary>What the names of all channels begin with. Clusters with different prefixes can share one Redis. Default "socket.io", as in Node.</summary>
    public string Prefix { get; set; } = "socket.io";
}

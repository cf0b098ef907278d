namespace SocketIOServer.Redis;

/// <summary>The form of the messages between servers. All servers of a cluster, Node's too, need the same.</summary>
public enum RedisWire
{
    /// <summary>That of <c>createAdapter</c> of @socket.io/redis-adapter: PUBLISH and one pattern a namespace. Any Redis; the emitters for Redis speak it.</summary>
    Classic,

    /// <summary>
    /// That of <c>createShardedAdapter</c> of @socket.io/redis-adapter: SPUBLISH and SSUBSCRIBE, Redis 7 or later. A Redis Cluster spreads the channels over
    /// its nodes, and an event for a room reaches only the servers that have a member in it.
    /// </summary>
    Sharded,
}

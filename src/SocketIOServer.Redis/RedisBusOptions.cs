using SocketIOServer.Cluster;
using StackExchange.Redis;

namespace SocketIOServer.Redis;

/// <summary>How a <see cref="RedisBus"/> reaches Redis.</summary>
public sealed class RedisBusOptions : ClusterBusOptions
{
    /// <summary>The servers, credentials and TLS. The bus opens two connections with a copy of it, one to publish and one to subscribe. Required.</summary>
    public ConfigurationOptions Configuration { get; set; } = new();

    /// <summary>
    /// Publish with SPUBLISH and subscribe with SSUBSCRIBE (Redis 7), so that a Redis Cluster carries a message on the nodes of one slot only. Default
    /// false: PUBLISH and SUBSCRIBE.
    /// </summary>
    public bool IsSharded { get; set; }
}

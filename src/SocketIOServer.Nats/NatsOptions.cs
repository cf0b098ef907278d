using NATS.Client.Core;
using SocketIOServer.Cluster;

namespace SocketIOServer.Nats;

/// <summary>How a server reaches the other servers of its cluster over NATS. All servers of a cluster need the same <see cref="Rooms"/> and <see cref="Prefix"/>.</summary>
public sealed class NatsOptions : ClusterBusOptions
{
    /// <summary>Makes options with the defaults. <see cref="ClusterBusOptions.ProbeInterval"/> is 1.5 s, so that a frozen NATS server is noticed within 5 s.</summary>
    public NatsOptions() => ProbeInterval = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// The servers, credentials and TLS. Default null: the options of the <see cref="INatsConnection"/> among the services. The server opens a connection of
    /// its own in either case.
    /// </summary>
    public NatsOpts? Connection { get; set; }

    /// <summary>
    /// Which rooms have a subject of their own. Default <see cref="RoomChannels.Static"/>: every server gets every event, in the order of emission. With the
    /// others, an event for one room goes only to the servers that have a member in it.
    /// </summary>
    public RoomChannels Rooms { get; set; } = RoomChannels.Static;

    /// <summary>What all subjects begin with. Clusters with different prefixes can share one NATS server. Default "socket.io".</summary>
    public string Prefix { get; set; } = "socket.io";
}

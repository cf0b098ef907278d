using NATS.Client.Core;
using SocketIOServer.Cluster;

namespace SocketIOServer.Nats;

/// <summary>How a <see cref="NatsBus"/> reaches NATS.</summary>
public sealed class NatsBusOptions : ClusterBusOptions
{
    /// <summary>Makes options with the defaults. <see cref="ClusterBusOptions.ProbeInterval"/> is 1.5 s, so that a frozen NATS server is noticed within 5 s.</summary>
    public NatsBusOptions() => ProbeInterval = TimeSpan.FromSeconds(1.5);

    /// <summary>
    /// The servers, credentials and TLS. The bus opens one connection with a copy of it and replaces the settings that concern outages: the ping interval, the pings
    /// that may be unanswered, and what a publication does while there is no connection. Default: nats://localhost:4222.
    /// </summary>
    public NatsOpts Connection { get; set; } = NatsOpts.Default;
}

using SocketIOServer.Cluster;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Hosting;

/// <summary>Explains why a request could not be forwarded to the server that has its session.</summary>
internal static class ForwardDetails
{
    // Another line of the log says it for the server, so it is no warning for each of its clients.
    public static readonly Explanation OwnerGone = new(
        "owner gone", "The session was on another server of the cluster, which could not be reached or has ended. The client opens a new session.", IsRoutine: true);

    public static Explanation Full(ClusterOptions options) => new(
        "forwarded", $"{options.MaxForwarded} requests are being forwarded to other servers, and MaxForwarded allows no more.", IsRoutine: true);
}

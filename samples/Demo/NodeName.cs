using Chat;
using SocketIOServer;

namespace Demo;

/// <summary>In a cluster, every page shows the name of the node that serves it.</summary>
internal static class NodeName
{
    /// <summary>For pages that have a socket: the node that holds it.</summary>
    public static void Map(params ReadOnlySpan<SocketNamespaceBuilder> namespaces)
    {
        foreach (var space in namespaces) space.On("which_node", Read);
    }

    /// <summary>For pages that have none: the node that answers.</summary>
    public static void Map(WebApplication app) =>
        app.MapGet("/node", (ISocketServer server, ClusterSettings cluster) => new { node = Read(server, cluster) });

    // Null: there is one node alone, whose name is of no interest.
    private static string? Read(ISocketServer server, ClusterSettings cluster) =>
        cluster.Redis is null ? null : server.Cluster.Nodes[0].Name;
}

namespace SocketIOServer.Interop.Server;

/// <summary>Several of these programs behind a load balancer. --cluster is their Redis, --secret lets them forward requests, --node is the id of one.</summary>
internal static class Cluster
{
    public static void Join(ISocketServerBuilder server, IConfiguration settings)
    {
        if (settings["cluster"] is not { } redis) return;
        server
            .AddRedis(o =>
            {
                o.Configuration = StackExchange.Redis.ConfigurationOptions.Parse(redis);
                // The two servers of the program do not share their clients.
                o.Prefix = $"interop-{server.Name}";
            })
            .AddCluster(o =>
            {
                o.NodeId = settings["node"];
                if (settings["secret"] is not { } secret) return;
                o.Secret = secret;
                o.Address = new(settings["urls"]!);
            });
    }
}

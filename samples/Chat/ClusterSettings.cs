using SocketIOServer;

namespace Chat;

/// <summary>Section "Cluster" of the configuration: how this process works together with others of the same program.</summary>
public sealed class ClusterSettings
{
    /// <summary>The Redis that connects the nodes, in the form of StackExchange.Redis, such as "127.0.0.1:6379". Null: this process is the only one.</summary>
    public string? Redis { get; set; }

    /// <summary>The name of this node. Null: the host's name and the process id.</summary>
    public string? Node { get; set; }

    /// <summary>Where the other nodes reach this one, such as "http://10.0.0.7:8080". They forward requests of its clients to it.</summary>
    public Uri? Address { get; set; }

    /// <summary>The key of forwarded requests, the same on all nodes. Null: the load balancer has to keep each client on one node.</summary>
    public string? Secret { get; set; }

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The configuration of the program.</param>
    public static ClusterSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration.GetSection("Cluster").Get<ClusterSettings>() ?? new();
    }

    /// <summary>Connects a server to those of the other nodes. Without <see cref="Redis"/> it stays by itself.</summary>
    /// <param name="server">The server.</param>
    /// <param name="prefix">What the channels of this server begin with: two servers of one process share nothing.</param>
    public void Connect(ISocketServerBuilder server, string prefix)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (Redis is not { } redis) return;
        server.AddRedis(options =>
        {
            options.Configuration = StackExchange.Redis.ConfigurationOptions.Parse(redis);
            options.Prefix = prefix;
        });
        server.AddCluster(options => (options.NodeName, options.Address, options.Secret) = (Node ?? options.NodeName, Address, Secret));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>Servers that forward requests to each other over real connections.</summary>
internal sealed class ForwardingServers : IAsyncDisposable
{
    public const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly List<TestHost> _hosts = [];

    public InProcessBus Medium { get; } = new();

    public IReadOnlyList<TestHost> Hosts => _hosts;

    public TestHost this[int index] => _hosts[index];

    public static async Task<ForwardingServers> StartAsync(
        int count = 2,
        Action<ClusterOptions>? cluster = null,
        Action<SocketServerOptions>? options = null,
        Action<SocketEndpointBuilder>? map = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null)
    {
        var servers = new ForwardingServers();
        for (var i = 0; i < count; i++) await servers.AddAsync(cluster, options, map, build, use);
        return servers;
    }

    public async Task<TestHost> AddAsync(
        Action<ClusterOptions>? cluster = null,
        Action<SocketServerOptions>? options = null,
        Action<SocketEndpointBuilder>? map = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null)
    {
        var host = await TestHost.StartAsync(
            io =>
            {
                io.On("echo", (string text) => text);
                map?.Invoke(io);
            },
            options,
            builder =>
            {
                builder.Services.AddSocketIO().AddClusterBus(_ => Medium.Connect()).AddCluster(o =>
                {
                    o.NodeName = $"server-{_hosts.Count}";
                    o.Secret = Secret;
                    cluster?.Invoke(o);
                });
                build?.Invoke(builder);
            },
            use);
        _hosts.Add(host);
        // The port is known only now.
        NodeOf(host).Announce(host.Address.GetLeftPart(UriPartial.Authority));
        return host;
    }

    public static ClusterNode NodeOf(TestHost host) => host.Services.GetRequiredService<SocketServer>().Options.Cluster!;

    public EngineServer EngineOf(int index) => _hosts[index].Services.GetRequiredService<SocketServer>().Engines[0];

    public ClusterNode Node(int index) => NodeOf(_hosts[index]);

    public int Sessions(int index) => EngineOf(index).Sessions.Count;

    /// <summary>Completes when the only session of a server has a poll that waits.</summary>
    public Task PolledAsync(int index) => Eventually.TrueAsync(() => EngineOf(index).Sessions.All.Single().Outbox.Lease.CurrentCount == 0, "the poll");

    /// <summary>Completes when the only session of a server has a POST whose body has not arrived.</summary>
    public Task PostingAsync(int index) => Eventually.TrueAsync(() => EngineOf(index).Sessions.All.Single().Inbox.Lease.CurrentCount == 0, "the POST");

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SocketIOServer.Hosting;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>One server of a cluster, with clients.</summary>
public sealed class Server(TestHost host, IClusterBus? bus) : IAsyncDisposable
{
    public TestHost Host => host;

    internal ClusterNode Node => host.Services.GetRequiredService<SocketServer>().Options.Cluster!;

    internal ClusterAdapter Adapter(string name = "/") => Node.InUse[name];

    public async Task<HealthCheckResult> CheckHealthAsync()
    {
        var check = new SocketHealthCheck(host.Services.GetRequiredService<SocketServer>());
        return await check.CheckHealthAsync(new() { Registration = new("socketio", check, HealthStatus.Unhealthy, []) });
    }

    public ISocketServer Io => host.Io;

    public IClusterBus Bus => bus!;

    public static async Task<Server> StartAsync(
        IClusterBus? bus, Func<ClusterWire>? wire = null, Action<SocketEndpointBuilder>? map = null, Action<SocketServerOptions>? options = null, Action<ClusterOptions>? cluster = null, IClusterLog? log = null,
        Action<WebApplicationBuilder>? builder = null, Action<WebApplication>? use = null)
    {
        var host = await TestHost.StartAsync(
            io =>
            {
                io.On("ping", () => { });
                io.Of("/chat").On("unused", () => { });
                io.OfAny(name => name.StartsWith("/any", StringComparison.Ordinal)).On("unused", () => { }).OnCluster("which", (ISocketNamespace here) => here.Name);
                map?.Invoke(io);
            },
            options,
            web =>
            {
                builder?.Invoke(web);
                if (bus is not null) web.Services.AddSocketIO().AddClusterBus(_ => bus, wire is null ? null : _ => wire(), log is null ? null : _ => log).AddCluster(o => cluster?.Invoke(o));
            },
            use);
        return new(host, bus);
    }

    public Task<Client> JoinAsync(string name = "/") => Client.JoinAsync(host, name);

    public ValueTask DisposeAsync() => host.DisposeAsync();
}

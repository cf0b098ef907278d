using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Recovery;

/// <summary>The servers that clients come back to, in this process.</summary>
internal sealed class RecoveryServers : IAsyncDisposable
{
    private const int Several = 3;

    private readonly List<WebApplication> _apps = [];
    private readonly Counters _counters = new();
    private RedisProcess? _redis;

    /// <summary>Ours, one for each of the first addresses.</summary>
    public IReadOnlyList<ISocketServer> Servers { get; private set; } = [];

    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    public static async Task<RecoveryServers> StartAsync(Ground ground, Action<RecoveryOptions>? recovery = null)
    {
        var servers = new RecoveryServers();
        if (ground is not (Ground.One or Ground.Bus)) servers._redis = await RedisProcess.StartAsync();
        var bus = new InProcessBus();
        for (var i = 0; i < (ground == Ground.One ? 1 : Several); i++) servers._apps.Add(servers.Build(ground, bus, recovery));
        foreach (var app in servers._apps) await app.StartAsync();
        servers.Servers = [.. servers._apps.Select(app => app.Services.GetRequiredService<ISocketServer>())];
        servers.Addresses = [.. servers._apps.Select(app => new Uri(app.Urls.First()))];
        await Promise.ComesAsync(() => Task.FromResult(servers.Servers.All(io => io.Cluster.Nodes.Count == servers.Servers.Count)), "all servers know each other");
        return servers;
    }

    /// <summary>Waits until the server has noticed that a client is gone.</summary>
    public Task GoneAsync(int server, string id) =>
        Promise.ComesAsync(() => Task.FromResult(Servers[server].Of("/").FindSocket(id) is null), "the server notices that a client is gone");

    /// <summary>What the servers warn of, such as a bus that does not answer.</summary>
    public string Warnings => string.Join('\n', _counters.Warnings);

    /// <summary>No server has logged an error.</summary>
    public void AssertCalm() => Promise.Holds(_counters.Errors == 0, $"{_counters.Errors} errors in the log: {string.Join('\n', _counters.ErrorTexts)}");

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps) await app.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    private WebApplication Build(Ground ground, InProcessBus bus, Action<RecoveryOptions>? recovery)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        if (Environment.GetEnvironmentVariable("TRANSPORT") == "epoll") builder.WebHost.UseEpoll();
        builder.Logging.ClearProviders().AddProvider(_counters);
        var services = builder.Services.AddSocketIO(options =>
        {
            options.Recovery = new();
            // Clients go with their servers, which all end at once.
            options.Drain = null;
            recovery?.Invoke(options.Recovery);
        });
        if (ground == Ground.Bus) services.AddClusterBus(_ => bus.Connect(), _ => new ClassicWire());
        else if (ground == Ground.Redis) services.AddRedis(_redis!.Address);
        else if (ground == Ground.Streams) services.AddRedisStreams(_redis!.Address);
        var app = builder.Build();
        app.MapSocketIO().On("join", (string room, ISocket socket) => socket.JoinAsync(room));
        return app;
    }
}

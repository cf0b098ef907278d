using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Node;
using SocketIOServer.Soak.Server;

namespace SocketIOServer.Soak.Recovery;

/// <summary>The servers that clients come back to, in this process.</summary>
internal sealed class RecoveryServers : IAsyncDisposable
{
    private const int Several = 3;

    private readonly List<WebApplication> _apps = [];
    private readonly Counters _counters = new();
    private RedisProcess? _redis;
    private NodeServer? _node;

    /// <summary>Ours, one for each of the first addresses.</summary>
    public IReadOnlyList<ISocketServer> Servers { get; private set; } = [];

    /// <summary>Those of ours, and behind them that of Node's server if there is one.</summary>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <summary>The events in the order of the stream. Null: there is no server of Node.</summary>
    public StreamRecord? Record { get; private set; }

    public static async Task<RecoveryServers> StartAsync(Ground ground, Action<RecoveryOptions>? recovery = null)
    {
        var servers = new RecoveryServers();
        if (ground is not (Ground.One or Ground.Bus)) servers._redis = await RedisProcess.StartAsync();
        if (ground == Ground.Node)
        {
            servers.Record = await StreamRecord.StartAsync(servers._redis!.Address);
            servers._node = await NodeServer.StartAsync("redis://" + servers._redis.Address, "recovery");
            // It begins with what comes after its first XREAD.
            await Promise.ComesAsync(servers.Record.IsReadByOthersAsync, "Node's server reads the stream");
        }

        var bus = new InProcessBus();
        for (var i = 0; i < (ground == Ground.One ? 1 : Several); i++) servers._apps.Add(servers.Build(ground, bus, recovery));
        foreach (var app in servers._apps) await app.StartAsync();
        servers.Servers = [.. servers._apps.Select(app => app.Services.GetRequiredService<ISocketServer>())];
        servers.Addresses = [.. servers._apps.Select(app => new Uri(app.Urls.First())), .. servers._node is { } node ? [node.Address] : Array.Empty<Uri>()];
        await Promise.ComesAsync(() => Task.FromResult(servers.Servers.All(io => io.Cluster.Nodes.Count == servers.Servers.Count)), "all servers know each other");
        return servers;
    }

    /// <summary>Whether a server is Node's.</summary>
    public bool IsNode(int server) => server >= Servers.Count;

    /// <summary>A server emits a numbered event to a room, or to all.</summary>
    public async Task EmitAsync(int server, string? room, string source, int number)
    {
        if (IsNode(server)) await _node!.RunAsync(["to", room is null ? [] : new[] { room }], ["emit", "n", source, number]);
        else if (room is null) await Servers[server].EmitAsync("n", source, number);
        else await Servers[server].To(room).EmitAsync("n", source, number);
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
        if (_node is not null) await _node.DisposeAsync();
        foreach (var app in _apps) await app.DisposeAsync();
        if (Record is not null) await Record.DisposeAsync();
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
        else if (ground is Ground.Streams or Ground.Node) services.AddRedisStreams(_redis!.Address);
        var app = builder.Build();
        app.MapSocketIO().On("join", (string room, ISocket socket) => socket.JoinAsync(room));
        return app;
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Cluster.Tests.Recovery;

/// <summary>Servers that share a log and a store of sessions, and clients that come and go.</summary>
public abstract class SharedServers : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private readonly List<RecoveringClient> _clients = [];

    private protected SharedLog Log { get; } = new();

    private protected List<SharedLogReader> Readers { get; } = [];

    private protected List<Server> Servers { get; } = [];

    private protected virtual int Count => 2;

    /// <summary>Who signs in with the next connection.</summary>
    private protected string? User { get; set; }

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < Count; i++) await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in Servers) await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<Server> StartAsync(Action<SocketServerOptions>? options = null)
    {
        Readers.Add(CreateReader());
        var server = await Server.StartAsync(_bus.Connect(), () => new StreamsWire(), Map, log: Readers[^1], options: o =>
        {
            (o.Recovery, o.MaxQueuedBytes) = (new() { MaxMessages = 100_000 }, 16 << 20);
            Configure(o);
            options?.Invoke(o);
        }, use: app => app.Use((context, next) =>
        {
            if (User is { } user) context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user)], "test"));
            return next(context);
        }));
        Servers.Add(server);
        return server;
    }

    private protected virtual SharedLogReader CreateReader() => Log.Connect();

    private protected virtual void Configure(SocketServerOptions options)
    {
    }

    private protected virtual void Map(SocketEndpointBuilder io)
    {
    }

    private protected RecoveringClient Create(int server, string name = "/")
    {
        var client = new RecoveringClient(Servers[server].Host, name);
        _clients.Add(client);
        return client;
    }

    private protected async Task<(RecoveringClient Client, ISocket Socket)> JoinAsync(int server, params string[] rooms)
    {
        var client = await Create(server).ConnectAsync();
        var socket = Servers[server].Io.Of("/").FindSocket(client.Sid)!;
        await socket.JoinAsync(rooms);
        return (client, socket);
    }

    /// <summary>Cuts a connection and waits until the session is in the store.</summary>
    private protected async Task CutAsync(RecoveringClient client)
    {
        client.Cut();
        await Eventually.TrueAsync(() => Log.Sessions.Saved.ContainsKey(client.Pid!), "the session is saved");
    }

    private protected async Task<ISocket> ReturnAsync(RecoveringClient client, int server)
    {
        client.Host = Servers[server].Host;
        await client.ConnectAsync();
        return Servers[server].Io.Of("/").FindSocket(client.Sid)!;
    }

    /// <summary>Why clients did not get their sessions back.</summary>
    private protected string Refusals => string.Join(", ", Servers.SelectMany(server => server.Host.Log.Lines).Where(line => line.Id.Id == 105).Select(line => line.Text));

    /// <summary>What everybody has emitted was read by everybody.</summary>
    private protected Task ReadAsync() => Eventually.TrueAsync(() => Readers.TrueForAll(reader => reader.ReadUpTo("/") >= Log.Last), "everything was read");
}

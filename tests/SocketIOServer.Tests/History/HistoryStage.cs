using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.History;

/// <summary>A server that keeps the latest events of rooms, and clients that join them.</summary>
internal sealed class HistoryStage(TestHost host, Inbox<ISocket> joined) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _clients = [];

    public TestHost Host => host;

    public ISocketServer Io => host.Io;

    /// <summary>What is kept of the default namespace.</summary>
    public SocketIOServer.Adapters.HistoryStore Store => host.Services.GetRequiredService<SocketServer>().Context.Histories[0];

    public static async Task<HistoryStage> StartAsync(
        Action<HistoryOptions>? history = null, Action<SocketServerOptions>? options = null, Action<SocketEndpointBuilder>? map = null)
    {
        var joined = new Inbox<ISocket>();
        var host = await TestHost.StartAsync(
            io =>
            {
                io.KeepHistory(history).OnPing().OnConnected((ISocket socket) => joined.Add(socket));
                map?.Invoke(io);
            },
            options);
        return new(host, joined);
    }

    public async Task<(SocketClient Client, ISocket Socket)> ConnectAsync()
    {
        var client = await SocketClient.JoinAsync(host);
        _clients.Add(client);
        return (client, await joined.NextAsync());
    }

    public async Task<(RecoveringClient Client, ISocket Socket)> ConnectRecoveringAsync()
    {
        var client = new RecoveringClient(host);
        _clients.Add(client);
        return (await client.ConnectAsync(), await joined.NextAsync());
    }

    public Task<ISocket> NextSocketAsync() => joined.NextAsync();

    /// <summary>The events that a client gets until the one with the name "end", which is sent to it now.</summary>
    public static async Task<string> ReadToEndAsync(SocketClient client, ISocket socket)
    {
        await socket.EmitAsync("end");
        List<string> names = [];
        for (var text = await client.ReadAsync(); text != """42["end"]"""; text = await client.ReadAsync()) names.Add(text.Split('"')[1]);
        return string.Join(' ', names);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await host.DisposeAsync();
    }
}

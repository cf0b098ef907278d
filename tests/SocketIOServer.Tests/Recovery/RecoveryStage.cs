namespace SocketIOServer.Tests.Recovery;

/// <summary>A server whose clients can get their sessions back, and the sockets that come and go.</summary>
internal sealed class RecoveryStage : IAsyncDisposable
{
    private readonly Inbox<ISocket> _joined = new();
    private readonly Inbox<(ISocket Socket, LeaveReason Reason)> _left = new();
    private readonly List<RecoveringClient> _clients = [];

    public required TestHost Host { get; set; }

    public ISocketServer Io => Host.Io;

    public static async Task<RecoveryStage> StartAsync(
        Action<RecoveryOptions>? recovery = null, Action<SocketEndpointBuilder>? map = null, Action<SocketServerOptions>? options = null, Action<Microsoft.AspNetCore.Builder.WebApplicationBuilder>? build = null)
    {
        var stage = new RecoveryStage { Host = null! };
        stage.Host = await TestHost.StartAsync(
            io =>
            {
                map?.Invoke(io);
                io.OnConnected((ISocket socket) => stage._joined.Add(socket)).OnDisconnected((ISocket socket, LeaveReason reason) => stage._left.Add((socket, reason))).OnPing();
                io.Of("/chat").OnConnected((ISocket socket) => stage._joined.Add(socket)).OnDisconnected((ISocket socket, LeaveReason reason) => stage._left.Add((socket, reason)));
            },
            o =>
            {
                o.Recovery = new();
                recovery?.Invoke(o.Recovery);
                options?.Invoke(o);
            },
            build);
        return stage;
    }

    public RecoveringClient CreateClient(string name = "/")
    {
        var client = new RecoveringClient(Host, name);
        _clients.Add(client);
        return client;
    }

    public async Task<(RecoveringClient Client, ISocket Socket)> JoinAsync(params string[] rooms)
    {
        var client = await CreateClient().ConnectAsync();
        var socket = await NextSocketAsync();
        await socket.JoinAsync(rooms);
        return (client, socket);
    }

    public Task<ISocket> NextSocketAsync() => _joined.NextAsync();

    /// <summary>Cuts a connection and waits until the server has noticed.</summary>
    public async Task<LeaveReason> CutAsync(RecoveringClient client)
    {
        client.Cut();
        return (await _left.NextAsync()).Reason;
    }

    /// <summary>A client comes back.</summary>
    public async Task<ISocket> ReturnAsync(RecoveringClient client, string auth = "{}")
    {
        await client.ConnectAsync(auth);
        return await NextSocketAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await Host.DisposeAsync();
    }
}

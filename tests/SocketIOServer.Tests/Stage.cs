namespace SocketIOServer.Tests;

/// <summary>A host whose sockets a test holds in its hands, each together with its client.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Inbox<ISocket> _joined = new();
    private readonly List<SocketClient> _clients = [];

    public required TestHost Host { get; set; }

    public ISocketServer Io => Host.Io;

    /// <summary>Has "/", "/chat" and what the map adds.</summary>
    public static async Task<Stage> StartAsync(Action<SocketEndpointBuilder>? map = null, Action<SocketServerOptions>? options = null)
    {
        var stage = new Stage { Host = null! };
        stage.Host = await TestHost.StartAsync(
            io =>
            {
                map?.Invoke(io);
                io.OnConnected((ISocket socket) => stage._joined.Add(socket)).OnPing();
                io.Of("/chat").OnConnected((ISocket socket) => stage._joined.Add(socket));
            },
            options);
        return stage;
    }

    public async Task<Member> JoinAsync(string name = "/", params string[] rooms)
    {
        var client = await SocketClient.JoinAsync(Host, name);
        _clients.Add(client);
        return await MemberAsync(client, rooms);
    }

    /// <summary>A client of revision 3.</summary>
    public async Task<Member> JoinOldAsync()
    {
        var client = await Wire.JoinOldAsync(Host);
        _clients.Add(client);
        return await MemberAsync(client, []);
    }

    /// <summary>Another namespace on a connection that is there.</summary>
    public async Task<Member> JoinAsync(Member member, string name)
    {
        Wire.IdOf(await member.Client.AskAsync($"40{name},"));
        return await MemberAsync(member.Client, []);
    }

    /// <summary>The next socket that joins, whoever its client is.</summary>
    public Task<ISocket> NextSocketAsync() => _joined.NextAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        await Host.DisposeAsync();
    }

    private async Task<Member> MemberAsync(SocketClient client, string[] rooms)
    {
        var socket = await _joined.NextAsync();
        await socket.JoinAsync(rooms);
        return new(client, socket);
    }

    internal sealed record Member(SocketClient Client, ISocket Socket)
    {
        public string Id => Socket.Id;

        public Task<string> ReadAsync() => Client.ReadAsync();

        /// <summary>Everything that is on the way to this client.</summary>
        public async Task<string[]> DrainAsync()
        {
            await Socket.EmitAsync("end");
            var texts = new List<string>();
            while (await Client.ReadAsync() is var text && !text.EndsWith("""["end"]""", StringComparison.Ordinal)) texts.Add(text);
            return [.. texts];
        }
    }
}

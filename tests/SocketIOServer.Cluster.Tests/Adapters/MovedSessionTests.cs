namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>A client that lost its connection comes back to another server of the cluster.</summary>
public abstract class MovedSessionTests : IAsyncLifetime
{
    private protected InProcessBus Bus { get; } = new();
    private readonly List<Server> _servers = [];
    private readonly List<RecoveringClient> _clients = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ISocket> _sockets = new();

    private protected abstract ClusterWire CreateWire();

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++) _servers.Add(await StartAsync());
        Assert.All(_servers, server => Assert.Equal(3, server.Io.Cluster.Nodes.Count));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task It_gets_its_id_rooms_data_and_what_it_missed_from_the_server_that_had_it()
    {
        var (client, socket) = await JoinAsync(0, "room");
        socket.Data.Set("name", "Ada");
        await _servers[1].Io.To("room").EmitAsync("first");
        Assert.Equal("""["first"]""", await client.ReadAsync());
        await CutAsync(client, 0);
        await _servers[0].Io.To("room").EmitAsync("from its server", new byte[] { 1, 2 });
        await _servers[1].Io.EmitAsync("from the new one", "é\"😀");
        await _servers[2].Io.To(socket.Id).EmitAsync("from a third");
        await socket.EmitAsync("by the old socket");
        await _servers[2].Io.To("other").EmitAsync("not for it");

        var sid = client.Sid;
        var moved = await ReturnAsync(client, 1);

        Assert.True(client.Recovered && moved.Recovered);
        Assert.Equal((sid, sid), (client.Sid, moved.Id));
        Assert.Equal("Ada", moved.Data.Get<string>("name"));
        Assert.Equal(["room", sid], moved.Rooms.OrderBy(room => room == sid));
        Assert.StartsWith("""451-["from its server",""", await client.Client.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal("b:0102", await client.Client.ReadAsync());
        Assert.Equal(["""["from the new one","é\u0022\uD83D\uDE00"]""", """["from a third"]""", """["by the old socket"]"""], (await client.ReadAsync(3)).Select(text => text.Replace("\\u00E9", "é", StringComparison.Ordinal)));
        await socket.EmitAsync("still by the old socket");
        await _servers[2].Io.To("room").EmitAsync("live");
        Assert.Equal(["""["still by the old socket"]""", """["live"]"""], await client.ReadAsync(2));
        Assert.Equal(1, await _servers[0].Io.CountAsync());
    }

    [Fact]
    public async Task It_gets_what_its_server_has_sent_to_its_own_clients_and_not_what_the_new_one_has_before_it_came()
    {
        var (client, _) = await JoinAsync(0, "room");
        await CutAsync(client, 0);
        await _servers[0].Io.To("room").Local.EmitAsync("from its server");
        await _servers[1].Io.To("room").Local.EmitAsync("not for it");
        await _servers[1].Io.To("room").EmitAsync("for all");

        await ReturnAsync(client, 1);
        Assert.True(client.Recovered);
        await _servers[1].Io.To("room").Local.EmitAsync("live");
        Assert.Equal(["""["from its server"]""", """["for all"]""", """["live"]"""], await client.ReadAsync(3));
    }

    [Fact]
    public async Task It_moves_on_and_back_and_keeps_its_secret()
    {
        var (client, _) = await JoinAsync(0, "room");
        var (sid, pid) = (client.Sid, client.Pid);
        for (var i = 0; i < 12; i++)
        {
            await CutAsync(client, i % 3);
            if (i % 2 == 0) await _servers[i % 3].Io.To("room").EmitAsync("missed", i);
            if (i % 4 == 0) await _servers[(i + 2) % 3].Io.To("room").EmitAsync("missed", i + 100);
            Assert.True((await ReturnAsync(client, (i + 1) % 3)).Recovered);
            Assert.Equal((true, sid, pid), (client.Recovered, client.Sid, client.Pid));
            if (i % 2 == 0) Assert.Equal($"""["missed",{i}]""", await client.ReadAsync());
            if (i % 4 == 0) Assert.Equal($"""["missed",{i + 100}]""", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task Its_old_connection_may_still_seem_open()
    {
        var (old, socket) = await JoinAsync(0, "room");
        await socket.EmitAsync("first");
        await old.ReadAsync();
        await _servers[2].Io.To("room").EmitAsync("lost on the way");
        var client = Create(1);
        (client.Pid, client.Offset) = (old.Pid, old.Offset);

        Assert.True((await ReturnAsync(client, 1)).Recovered);
        Assert.Equal("""["lost on the way"]""", await client.ReadAsync());
        while (await old.Client.ReadAsync() is var text && text.StartsWith("42", StringComparison.Ordinal))
        {
        }

        Assert.Equal(1, await _servers[2].Io.CountAsync());
    }

    [Fact]
    public async Task A_session_that_nobody_has_is_not_waited_for()
    {
        var client = Create(1);
        client.Pid = new string('x', 24);

        Assert.False((await ReturnAsync(client, 1)).Recovered);
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(3, 150)]
    [InlineData(11, 300)]
    [InlineData(50, 600)]
    public async Task No_event_of_three_servers_is_missing_or_comes_twice_however_often_it_moves(int cutAfter, int eventsOfEmitter)
    {
        var (client, socket) = await JoinAsync(0, "room");
        await NumberedEvents.MoveAsync(_servers, client, socket.Id, cutAfter, eventsOfEmitter);

        Assert.All(_servers, server => Assert.Empty(server.Host.Log.Errors));
    }

    private RecoveringClient Create(int server)
    {
        var client = new RecoveringClient(_servers[server].Host);
        _clients.Add(client);
        return client;
    }

    private protected async Task<(RecoveringClient Client, ISocket Socket)> JoinAsync(int server, params string[] rooms)
    {
        var client = await Create(server).ConnectAsync();
        var socket = _servers[server].Io.Of("/").FindSocket(client.Sid)!;
        await socket.JoinAsync(rooms);
        return (client, socket);
    }

    private protected async Task CutAsync(RecoveringClient client, int server)
    {
        client.Cut();
        await Eventually.TrueAsync(() => _servers[server].Io.Of("/").FindSocket(client.Sid) is null, "the server has noticed");
    }

    private protected async Task<ISocket> ReturnAsync(RecoveringClient client, int server)
    {
        client.Host = _servers[server].Host;
        await client.ConnectAsync();
        return _servers[server].Io.Of("/").FindSocket(client.Sid)!;
    }

    private Task<Server> StartAsync() =>
        Server.StartAsync(Bus.Connect(), CreateWire, options: options => (options.Recovery, options.MaxQueuedBytes) = (new() { MaxMessages = 100_000 }, 16 << 20));
}

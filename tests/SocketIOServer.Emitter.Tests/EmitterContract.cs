using System.Globalization;
using SocketIOServer.Cluster;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Emitter.Tests;

/// <summary>What an emitter does to the clients of two servers, whatever carries the messages. Each way is a class that derives from this one.</summary>
public abstract class EmitterContract : IAsyncLifetime
{
    private readonly List<Server> _servers = [];
    private readonly List<Client> _clients = [];
    private int _told;

    private protected ISocketEmitter Io { get; private set; } = null!;

    /// <summary>Clusters of one engine are apart by it.</summary>
    protected string Prefix { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>The bus of one more server.</summary>
    protected abstract IClusterBus Connect();

    /// <summary>The form of the messages.</summary>
    protected abstract ClusterWire CreateWire();

    /// <summary>The log of one more server; null: it has none.</summary>
    protected virtual IClusterLog? CreateLog() => null;

    /// <summary>The same for the emitter.</summary>
    protected abstract void AddBus(ISocketServerBuilder emitter);

    public virtual async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var name = $"server-{i}";
            _servers.Add(await Server.StartAsync(
                Connect(),
                CreateWire,
                io => io.OnCluster("tell", (int by) => Interlocked.Add(ref _told, by)).OnCluster("sum", (int a, int b) => a + b),
                cluster: o => o.NodeName = name,
                log: CreateLog()));
        }

        foreach (var server in _servers) _clients.Add(await server.JoinAsync());
        await SettleAsync();
        Io = SocketEmitter.Create(AddBus);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Io.DisposeAsync();
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Events_reach_everybody_once_and_in_the_order_of_emission()
    {
        for (var i = 0; i < 200; i++) await Io.EmitAsync("news", i);
        await Io.EmitAsync("bin", new byte[] { 1, 2 }, "é😀\"");
        await Io.Volatile.EmitAsync("now");

        foreach (var client in _clients)
        {
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"42[\"news\",{i}]"), await client.ReadAsync(200));
            Assert.Equal(["""451-["bin",{"_placeholder":true,"num":0},"é😀\""]""", "b:0102", """42["now"]"""], await client.ReadAsync(3));
        }
    }

    [Fact]
    public async Task Rooms_exceptions_ids_and_namespaces_are_reached()
    {
        await using var chat = await _servers[1].JoinAsync("/chat");
        await Io.To(_clients[0].Id).JoinAsync("a", "b");
        await Io.To(_clients[1].Id).JoinAsync("b");
        await SettleAsync(("b", 2));

        await Io.To("a", "b").EmitAsync("union");
        foreach (var client in _clients) Assert.Equal("""42["union"]""", await client.ReadAsync());
        await Io.To("b").Except("a").EmitAsync("without a");
        Assert.Equal("""42["without a"]""", await _clients[1].ReadAsync());
        await Io.To(_clients[0].Id).EmitAsync("you");
        Assert.Equal("""42["you"]""", await _clients[0].ReadAsync());
        await Io.Local.EmitAsync("nobody is here");
        await Io.Of("chat").EmitAsync("for chat");
        Assert.Equal("""42/chat,["for chat"]""", await chat.ReadAsync());
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task Sockets_leave_rooms_and_are_disconnected()
    {
        await Io.JoinAsync("a", "b");
        await SettleAsync(("a", 2), ("b", 2));
        await Io.To(_clients[0].Id).LeaveAsync("a");
        await Io.CloseRoomAsync("b");
        await Io.To(_clients[1].Id).DisconnectAsync();
        Assert.Equal("41", await _clients[1].ReadAsync());

        await SettleAsync();
        await Eventually.TrueAsync(async () => (await _servers[0].Io.RoomsAsync()).Count == 0, "rooms are left");
        Assert.Equal([_clients[0].Id], (await Io.FetchSocketsAsync()).Select(socket => socket.Id));
    }

    [Fact]
    public async Task Clients_answer_and_are_listed_and_counted()
    {
        await Io.To(_clients[1].Id).JoinAsync("a");
        await SettleAsync(("a", 1));
        var asking = Io.CallAsync<int>("who", 7);
        for (var i = 0; i < 2; i++) Assert.EndsWith("""["who",7]""", await _clients[i].AnswerAsync($"[{i}]"), StringComparison.Ordinal);

        var reply = await asking.Soon();
        var sockets = await Io.FetchSocketsAsync();

        Assert.Equal(
            _clients.Select((client, i) => $"{client.Id} {i}").Order(StringComparer.Ordinal),
            reply.Replies.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Key} {answer.Value}")).Order(StringComparer.Ordinal));
        Assert.Empty(reply.Missing);
        Assert.Empty(reply.MissingNodes);
        Assert.Empty(sockets.MissingNodes);
        Assert.Equal(_clients.Select(client => client.Id).Order(StringComparer.Ordinal), sockets.Select(socket => socket.Id).Order(StringComparer.Ordinal));
        Assert.Equal(1, await Io.To("a").CountAsync());
        Assert.Equal(["a"], await Io.RoomsAsync());
        var there = sockets.Single(socket => socket.Id == _clients[0].Id);
        await there.EmitAsync("you");
        Assert.Equal("""42["you"]""", await _clients[0].ReadAsync());
        var one = there.CallAsync<string>("who");
        await _clients[0].AnswerAsync("""["there"]""");
        Assert.Equal("there", await one.Soon());
    }

    [Fact]
    public async Task Servers_are_told_and_asked()
    {
        await Io.Cluster.EmitAsync("tell", 5);
        await Eventually.TrueAsync(() => _told == 10, () => $"{_told}");

        var sums = await Io.Cluster.CallArgsAsync<int>("sum", [1, 2]).Soon();

        Assert.Equal([3, 3], sums.Replies.Values);
        Assert.Empty(sums.MissingNodes);
        Assert.Equal(["server-0", "server-1"], Io.Cluster.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.Null(Io.FindSocket(_clients[0].Id));
    }

    [Fact]
    public async Task The_servers_do_not_wait_for_the_emitter()
    {
        Assert.Equal(2, await Io.CountAsync());
        await Io.EmitAsync("hello");

        foreach (var server in _servers)
        {
            var sockets = await server.Io.FetchSocketsAsync().Soon();
            Assert.Equal(2, sockets.Count);
            Assert.Empty(sockets.MissingNodes);
            Assert.Equal(2, server.Io.Cluster.Nodes.Count);
        }
    }

    [Fact]
    public async Task What_was_emitted_before_the_end_arrives()
    {
        await using (var job = SocketEmitter.Create(AddBus))
        {
            for (var i = 0; i < 500; i++) _ = job.EmitAsync("last", i).AsTask();
        }

        foreach (var client in _clients) Assert.Equal(Enumerable.Range(0, 500).Select(i => $"42[\"last\",{i}]"), await client.ReadAsync(500));
        await Io.EmitAsync("flushed");
        await Io.FlushAsync().Soon();
        foreach (var client in _clients) Assert.Equal("""42["flushed"]""", await client.ReadAsync());
    }

    // Every server has heard what was said before, and listens to the channels of the rooms.
    private async Task SettleAsync(params (string Room, int Members)[] rooms)
    {
        foreach (var server in _servers)
        {
            foreach (var (room, members) in rooms) await Eventually.TrueAsync(async () => await server.Io.To(room).CountAsync() == members, room);
            await using var last = server.Bus.Subscribe(new($"{Prefix}-last-{Guid.NewGuid():N}"), (_, _) => { });
            await last.Ready.WaitAsync(TestHost.Patience);
            await Eventually.TrueAsync(() => server.Io.Cluster.Nodes.Count == 2, "the servers do not know each other");
        }
    }

    // What is for nobody would come before what is for everybody.
    private async Task AssertNothingElseAsync()
    {
        await Io.EmitAsync("end");
        foreach (var client in _clients) Assert.Equal("""42["end"]""", await client.ReadAsync());
    }
}

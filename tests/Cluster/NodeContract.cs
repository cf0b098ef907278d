using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Cluster.Tests.Adapters;

namespace SocketIOServer.Cluster.Tests.Node;

/// <summary>
/// Two servers of ours and one of Node are one cluster: 0 and 1 are ours, 2 is Node's, and each has the client of its number. Whatever one of them sends,
/// every client that it is for gets it once.
/// </summary>
public abstract class NodeContract(NodeServer node) : IAsyncLifetime
{
    /// <summary>The number of Node's server, and of its client.</summary>
    protected const int NodeJs = 2;

    private readonly TestHost[] _hosts = new TestHost[NodeJs];
    private readonly Client[] _clients = new Client[NodeJs + 1];
    private int _told;
    private int _toldInChat;

    private protected NodeServer Node => node;

    private protected IReadOnlyList<TestHost> Hosts => _hosts;

    private protected IReadOnlyList<Client> Clients => _clients;

    /// <summary>Connects a server of ours.</summary>
    protected abstract void Add(ISocketServerBuilder io);

    /// <summary>Completes when all three servers hear each other.</summary>
    protected abstract Task WhenConnectedAsync();

    /// <summary>Completes when so many servers listen to the channels of rooms, where rooms have channels.</summary>
    protected virtual Task WhenListeningAsync((string Room, int Servers)[] rooms) => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < NodeJs; i++) _hosts[i] = await TestHost.StartAsync(Map, build: builder => Add(builder.Services.AddSingleton(TimeProvider.System).AddSocketIO()));
        await WhenConnectedAsync();
        for (var i = 0; i < NodeJs; i++) _clients[i] = await Client.JoinAsync(_hosts[i]);
        _clients[NodeJs] = await Client.JoinAsync(await SocketClient.ConnectAsync(node.Address));
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_broadcast_reaches_everybody_in_order()
    {
        for (var from = 0; from <= NodeJs; from++)
        {
            for (var i = 0; i < 50; i++) await EmitAsync(from, [], [], "news", from, i);
            foreach (var client in _clients) Assert.Equal(Enumerable.Range(0, 50).Select(i => $"42[\"news\",{from},{i}]"), await client.ReadAsync(50));
        }

        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task Binary_letters_of_all_scripts_and_large_texts_arrive_as_they_were()
    {
        var large = new string('x', 9000);
        for (var from = 0; from <= NodeJs; from++)
        {
            await EmitAsync(from, [], [], "bin", new byte[] { 1, 2 }, "é😀\"\\", large);
            foreach (var client in _clients)
            {
                Assert.Equal([$$"""451-["bin",{"_placeholder":true,"num":0},"é😀\"\\","{{large}}"]""", "b:0102"], await client.ReadAsync(2));
            }
        }

        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task Rooms_exceptions_and_ids_span_the_servers()
    {
        await JoinAsync(NodeJs, 0, "a");
        await JoinAsync(0, 1, "b");
        await JoinAsync(1, NodeJs, "a", "b");
        await SettleAsync(("a", 2), ("b", 2));

        for (var from = 0; from <= NodeJs; from++)
        {
            await EmitAsync(from, ["a"], [], "one", from);
            await AssertGotAsync($"42[\"one\",{from}]", 0, NodeJs);
            await EmitAsync(from, ["a", "b"], [], "two", from);
            await AssertGotAsync($"42[\"two\",{from}]", 0, 1, NodeJs);
            await EmitAsync(from, ["b"], ["a"], "except", from);
            await AssertGotAsync($"42[\"except\",{from}]", 1);
            await EmitAsync(from, [], ["a"], "all except", from);
            await AssertGotAsync($"42[\"all except\",{from}]", 1);
            for (var to = 0; to <= NodeJs; to++)
            {
                await EmitAsync(from, [_clients[to].Id], [], "you", from);
                await AssertGotAsync($"42[\"you\",{from}]", to);
            }
        }

        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_volatile_broadcast_reaches_clients_that_can_take_it()
    {
        await _hosts[0].Io.Volatile.EmitAsync("now", 0);
        await AssertGotAsync("""42["now",0]""", 0, 1, NodeJs);
        await node.RunAsync(["volatile"], ["emit", "now", NodeJs]);
        await AssertGotAsync("""42["now",2]""", 0, 1, NodeJs);
    }

    [Fact]
    public async Task Sockets_leave_rooms_and_are_disconnected_from_every_server()
    {
        await JoinAsync(0, NodeJs, "a", "b");
        await JoinAsync(NodeJs, 1, "a", "b");
        await SettleAsync(("a", 2), ("b", 2));

        await _hosts[0].Io.To(_clients[NodeJs].Id).LeaveAsync("a");
        await node.RunAsync(["in", _clients[1].Id], ["socketsLeave", "a"]);
        await SettleAsync();
        await EmitAsync(0, ["a"], [], "nobody");
        await EmitAsync(NodeJs, ["a"], [], "nobody");
        await EmitAsync(1, ["b"], [], "both");
        await AssertGotAsync("""42["both"]""", 1, NodeJs);

        await node.RunAsync(["in", _clients[1].Id], ["disconnectSockets"]);
        await _hosts[0].Io.To(_clients[NodeJs].Id).DisconnectAsync();
        await AssertGotAsync("41", 1, NodeJs);
    }

    [Fact]
    public async Task Each_server_knows_the_sockets_of_all()
    {
        await JoinAsync(NodeJs, 0, "a");
        await SettleAsync(("a", 1));
        var ids = _clients.Select(client => client.Id).Order(StringComparer.Ordinal).ToArray();

        for (var i = 0; i < NodeJs; i++)
        {
            var sockets = await _hosts[i].Io.FetchSocketsAsync().WaitAsync(TestHost.Patience);
            Assert.Equal(ids, sockets.Select(socket => socket.Id).Order(StringComparer.Ordinal));
            Assert.Empty(sockets.MissingNodes);
            Assert.Equal(NodeJs + 1, await _hosts[i].Io.CountAsync());
            Assert.Equal(["a"], await _hosts[i].Io.RoomsAsync());
        }

        var fetched = (await node.RunAsync(["fetchSockets"])).EnumerateArray().ToArray();
        Assert.Equal(ids, fetched.Select(socket => socket.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal([_clients[0].Id, "a"], Assert.Single(fetched, socket => socket.GetProperty("id").GetString() == _clients[0].Id).GetProperty("rooms").Deserialize<string[]>()!);
    }

    [Fact]
    public async Task Every_client_answers_every_server()
    {
        for (var from = 0; from <= NodeJs; from++)
        {
            Task<int[]> asking = from == NodeJs ? AskNodeAsync() : AskAsync(from);
            for (var i = 0; i <= NodeJs; i++) Assert.EndsWith("""["who",7]""", await _clients[i].AnswerAsync($"[{i}]"), StringComparison.Ordinal);

            Assert.Equal([0, 1, 2], (await asking.WaitAsync(TestHost.Patience)).Order());
        }

        async Task<int[]> AskAsync(int from)
        {
            var reply = await _hosts[from].Io.CallAsync<int>("who", 7);
            Assert.Empty(reply.MissingNodes);
            Assert.Empty(reply.Missing);
            return [.. reply.Replies.Values];
        }

        async Task<int[]> AskNodeAsync() => (await node.RunAsync(["timeout", 10_000], ["emitWithAck", "who", 7])).Deserialize<int[]>()!;
    }

    [Fact]
    public async Task Servers_tell_and_ask_each_other()
    {
        await node.RunAsync(["serverSideEmit", "tell", 5]);
        await Eventually.TrueAsync(() => _told == 10, () => $"{_told}");
        var mark = Random.Shared.Next();
        await _hosts[0].Io.Cluster.EmitAsync("tell", mark);
        while (!(await node.RunAsync(["told"])).EnumerateArray().Any(value => value.GetInt32() == mark)) await Task.Delay(5);

        var sums = await node.RunAsync(["serverSideEmitWithAck", "sum", 1, 2]);
        Assert.Equal("[3,3]", sums.GetRawText());
        var reply = await _hosts[0].Io.Cluster.CallArgsAsync<int>("sum", [1, 2]).WaitAsync(TestHost.Patience);
        Assert.Equal([3, 3], reply.Replies.Values);
        Assert.Empty(reply.MissingNodes);
    }

    [Fact]
    public async Task Servers_tell_and_ask_each_other_in_a_namespace()
    {
        await node.RunAsync(["of", "/chat"], ["serverSideEmit", "tell", 5]);
        await Eventually.TrueAsync(() => _toldInChat == 10, () => $"{_toldInChat}");
        var mark = Random.Shared.Next();
        await _hosts[0].Io.Of("/chat").Cluster.EmitAsync("tell", mark);
        while (!(await node.RunAsync(["toldInChat"])).EnumerateArray().Any(value => value.GetInt32() == mark)) await Task.Delay(5);

        var sums = await node.RunAsync(["of", "/chat"], ["serverSideEmitWithAck", "sum", 1, 2]);
        Assert.Equal("[300,300]", sums.GetRawText());
        var reply = await _hosts[0].Io.Of("/chat").Cluster.CallArgsAsync<int>("sum", [1, 2]).WaitAsync(TestHost.Patience);
        Assert.Equal([300, 300], reply.Replies.Values);
        Assert.Empty(reply.MissingNodes);
        Assert.Equal(0, _told);
    }

    private void Map(SocketEndpointBuilder io) => io
        .OnCluster("tell", (int value) => Interlocked.Add(ref _told, value))
        .OnCluster("sum", (int a, int b) => a + b)
        .OfAny(static name => name.StartsWith("/any", StringComparison.Ordinal)).On("unused", () => { })
        .Of("/chat").OnCluster("tell", (int value) => Interlocked.Add(ref _toldInChat, value)).OnCluster("sum", (int a, int b) => 100 * (a + b));

    private protected async Task EmitAsync(int from, string[] rooms, string[] except, string name, params object?[] arguments)
    {
        if (from == NodeJs) await node.RunAsync(["to", rooms], ["except", except], ["emit", name, .. arguments]);
        else if (rooms.Length > 0) await _hosts[from].Io.To(rooms).Except(except).EmitArgsAsync(name, arguments);
        else await _hosts[from].Io.Except(except).EmitArgsAsync(name, arguments);
    }

    private protected async Task JoinAsync(int from, int client, params string[] rooms)
    {
        if (from == NodeJs) await node.RunAsync(["in", _clients[client].Id], ["socketsJoin", rooms]);
        else await _hosts[from].Io.To(_clients[client].Id).JoinAsync(rooms);
    }

    // An answer comes behind whatever its server was told before; then so many servers have to listen to the channels of rooms.
    private protected async Task SettleAsync(params (string Room, int Servers)[] rooms)
    {
        foreach (var host in _hosts) await host.Io.CountAsync().WaitAsync(TestHost.Patience);
        await node.RunAsync(["fetchSockets"]);
        await WhenListeningAsync(rooms);
    }

    private protected async Task AssertGotAsync(string text, params int[] clients)
    {
        foreach (var i in clients) Assert.Equal((i, text), (i, await _clients[i].ReadAsync()));
    }

    // What is for nobody would come before what is for everybody.
    private protected async Task AssertNothingElseAsync()
    {
        for (var from = 0; from <= NodeJs; from++)
        {
            await EmitAsync(from, [], [], "end");
            await AssertGotAsync("""42["end"]""", 0, 1, NodeJs);
        }
    }
}

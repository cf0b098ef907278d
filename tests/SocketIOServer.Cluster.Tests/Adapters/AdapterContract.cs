using System.Globalization;
using System.Text.RegularExpressions;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>
/// What a program and its clients see of rooms, whatever carries messages between the servers: nothing, a bus in the process, Redis and so on. Each way is
/// a class that derives from this one. Client i is connected to server i.
/// </summary>
public abstract partial class AdapterContract : IAsyncLifetime
{
    private readonly List<Server> _servers = [];
    private readonly List<Client> _clients = [];
    private int _serverEvents;

    private protected IReadOnlyList<Server> Servers => _servers;

    private protected IReadOnlyList<Client> Clients => _clients;

    private protected ISocketServer First => _servers[0].Io;

    private protected ISocketServer Last => _servers[^1].Io;

    /// <summary>How many servers there are.</summary>
    protected abstract int ServerCount { get; }

    /// <summary>The bus of one more server; null: it has none.</summary>
    protected abstract IClusterBus? Connect();

    /// <summary>The form of the messages.</summary>
    protected virtual ClusterWire CreateWire() => new JsonWire();

    /// <summary>The log of one more server; null: everything is published.</summary>
    protected virtual IClusterLog? CreateLog() => null;

    /// <summary>Completes when what was done before, on any server, has reached all of them: subscriptions of rooms, and what was published.</summary>
    protected virtual Task SettleAsync() => Task.CompletedTask;

    public virtual async ValueTask InitializeAsync()
    {
        for (var i = 0; i < ServerCount; i++) _servers.Add(await StartServerAsync(i));
        foreach (var server in _servers) _clients.Add(await server.JoinAsync());
        await SettleAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var server in _servers) await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_broadcast_reaches_everybody_once_and_in_the_order_of_emission()
    {
        for (var i = 0; i < 200; i++) await First.EmitAsync("news", i);

        foreach (var client in _clients) Assert.Equal(Enumerable.Range(0, 200).Select(i => $"42[\"news\",{i}]"), await client.ReadAsync(200));
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_room_gets_its_events_in_the_order_of_emission()
    {
        await Last.To(_clients[^1].Id).JoinAsync("a");
        await SettleAsync();

        for (var i = 0; i < 100; i++) await First.To("a").EmitAsync("news", i);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"42[\"news\",{i}]"), await _clients[^1].ReadAsync(100));
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task Binary_emoji_and_large_arguments_arrive_as_they_were()
    {
        var large = new string('x', 9000);
        await First.EmitAsync("bin", new byte[] { 1, 2 }, new { text = "é😀\"\\", more = new byte[] { 3 } });
        await First.EmitAsync("large", large);

        foreach (var client in _clients)
        {
            Assert.Equal(
                ["""452-["bin",{"_placeholder":true,"num":0},{"text":"é😀\"\\","more":{"_placeholder":true,"num":1}}]""", "b:0102", "b:03", $"42[\"large\",\"{large}\"]"],
                await client.ReadAsync(4));
        }
    }

    [Fact]
    public async Task Rooms_unions_and_exceptions_span_the_servers()
    {
        await First.To(_clients[^1].Id).JoinAsync("a", "b");
        await Last.To(_clients[0].Id).JoinAsync("b");
        await SettleAsync();

        await First.To("a", "b").EmitAsync("union");
        await Last.To("b").Except("a").EmitAsync("without a");
        await First.Except(_clients[0].Id).EmitAsync("not the first");

        if (ServerCount > 1) Assert.Equal(["""42["union"]""", """42["without a"]"""], (await _clients[0].ReadAsync(2)).Order(StringComparer.Ordinal));
        if (ServerCount > 1) Assert.Equal(["""42["not the first"]""", """42["union"]"""], (await _clients[^1].ReadAsync(2)).Order(StringComparer.Ordinal));
        else Assert.Equal("""42["union"]""", await _clients[0].ReadAsync());
        for (var i = 1; i < ServerCount - 1; i++) Assert.Equal("""42["not the first"]""", await _clients[i].ReadAsync());
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_socket_is_reached_by_its_id_from_every_server()
    {
        foreach (var server in _servers) await server.Io.To(_clients[^1].Id).EmitAsync("you");

        Assert.All(await _clients[^1].ReadAsync(ServerCount), text => Assert.Equal("""42["you"]""", text));
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task A_client_of_Engine_IO_3_is_reached_by_its_id_from_every_server()
    {
        await using var old = await SocketClient.ConnectAsync(_servers[^1].Host, eio: 3);
        Assert.Equal("40", await old.ReadAsync());
        await old.SendAsync("40/chat");
        Assert.Equal("40/chat", (await old.ReadAsync()).Trim(','));
        await SettleAsync();
        var id = Assert.Single(await Last.Of("/chat").Local.FetchSocketsAsync()).Id;

        foreach (var server in _servers) await server.Io.Of("/chat").To(id).EmitAsync("you");

        for (var i = 0; i < ServerCount; i++) Assert.Equal("""42/chat,["you"]""", await old.ReadAsync());
    }

    [Fact]
    public async Task A_local_broadcast_stays_on_its_server()
    {
        await First.Local.EmitAsync("near");
        await First.EmitAsync("far");

        Assert.Equal(["""42["near"]""", """42["far"]"""], await _clients[0].ReadAsync(2));
        foreach (var client in _clients.Skip(1)) Assert.Equal("""42["far"]""", await client.ReadAsync());
        Assert.Equal(1, await First.Local.CountAsync());
        Assert.Equal([_clients[0].Id], (await First.Local.FetchSocketsAsync()).Select(socket => socket.Id));
    }

    [Fact]
    public async Task Sockets_leave_rooms_and_are_disconnected_from_every_server()
    {
        await Last.JoinAsync("a", "b");
        // What two servers say has no order.
        await SettleAsync();
        await First.LeaveAsync("a");
        await SettleAsync();
        while (await Last.To("b").CountAsync() != ServerCount) await Task.Delay(5);
        Assert.Equal(["b"], await First.RoomsAsync());

        await First.To(_clients[^1].Id).DisconnectAsync();

        Assert.Equal("41", await _clients[^1].ReadAsync());
        Assert.Equal(ServerCount - 1, await First.CountAsync());
    }

    [Fact]
    public async Task Fetched_sockets_have_their_server_user_rooms_and_data()
    {
        Last.FindSocket(_clients[^1].Id)!.Data.Set("name", "é");
        await Last.FindSocket(_clients[^1].Id)!.JoinAsync("a");

        var sockets = await First.FetchSocketsAsync();

        Assert.Empty(sockets.MissingNodes);
        Assert.Equal(_clients.Select(client => client.Id).Order(StringComparer.Ordinal), sockets.Select(socket => socket.Id).Order(StringComparer.Ordinal));
        var last = Assert.Single(sockets, socket => socket.Id == _clients[^1].Id);
        Assert.Equal([last.Id, "a"], last.Rooms);
        Assert.Equal("é", last.Data.Get<string>("name"));
        Assert.Equal("127.0.0.1", last.Handshake.Address.Replace("::ffff:", "", StringComparison.Ordinal));
        Assert.Equal("websocket", last.Handshake.Query["transport"]);
        if (ServerCount > 1) Assert.Equal(_servers.Select(server => server.Io.Cluster.NodeId).Order(StringComparer.Ordinal), sockets.Select(socket => socket.NodeId).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Counts_and_rooms_are_those_of_all_servers()
    {
        await First.To(_clients[0].Id).JoinAsync("a");
        await Last.To(_clients[^1].Id).JoinAsync("b");
        await SettleAsync();

        Assert.Equal(ServerCount, await First.CountAsync());
        Assert.Equal(1, await First.To("b").CountAsync());
        Assert.Equal(ServerCount - 1, await First.Except("b").CountAsync());
        Assert.Equal(["a", "b"], (await First.RoomsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b"], (await Last.RoomsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_broadcast_that_asks_for_acks_collects_them_from_all_servers()
    {
        var asking = First.CallAsync<int>("who", 7);
        for (var i = 0; i < ServerCount; i++) Assert.EndsWith("""["who",7]""", await _clients[i].AnswerAsync($"[{i}]"), StringComparison.Ordinal);

        var reply = await asking.Soon();

        Assert.Equal(
            _clients.Select((client, i) => $"{client.Id} {i}").Order(StringComparer.Ordinal),
            reply.Replies.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Key} {answer.Value}")).Order(StringComparer.Ordinal));
        Assert.Empty(reply.Missing);
        Assert.Empty(reply.MissingNodes);
    }

    [Fact]
    public async Task Who_leaves_or_answers_with_another_type_is_missing_and_not_waited_for()
    {
        var asking = First.CallAsync<int>("who");
        await _clients[0].AnswerAsync("""["no number"]""");
        foreach (var client in _clients.Skip(1))
        {
            await client.ReadAsync();
            await client.Socket.SendAsync("41");
        }

        var reply = await asking.Soon();

        Assert.Empty(reply.Replies);
        Assert.Equal(_clients.Select(client => client.Id).Order(StringComparer.Ordinal), reply.Missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Binary_acks_and_acks_without_arguments_come_back()
    {
        var asking = First.CallAsync<byte[]?>("who");
        for (var i = 0; i < ServerCount; i++)
        {
            var question = await _clients[i].ReadAsync();
            if (i == 0)
            {
                await _clients[i].Socket.SendAsync($"43{IdOf(question)}[]");
                continue;
            }

            await _clients[i].Socket.SendAsync($$"""461-{{IdOf(question)}}[{"_placeholder":true,"num":0},2]""");
            await _clients[i].Socket.SendAsync([7, 8]);
        }

        var reply = await asking.Soon();

        Assert.Null(reply.Replies[_clients[0].Id]);
        foreach (var client in _clients.Skip(1)) Assert.Equal([7, 8], reply.Replies[client.Id]);
    }

    [Fact]
    public async Task A_socket_elsewhere_is_told_and_asked_by_what_was_fetched()
    {
        var there = Assert.Single(await First.To(_clients[^1].Id).FetchSocketsAsync());

        await there.EmitAsync("news", 1);
        Assert.Equal("""42["news",1]""", await _clients[^1].ReadAsync());
        var asking = there.CallAsync<string>("who");
        await _clients[^1].AnswerAsync("""["there"]""");
        Assert.Equal("there", await asking.Soon());

        await there.DisconnectAsync();
        Assert.Equal("41", await _clients[^1].ReadAsync());
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => there.CallAsync<string>("who").Soon());
    }

    [Fact]
    public async Task Namespaces_are_apart_and_a_dynamic_one_can_be_asked_from_every_server()
    {
        await using var chat = await _servers[^1].JoinAsync("/chat");
        await using var any = await _servers[^1].JoinAsync("/any\"*?[é#".Replace("?", "", StringComparison.Ordinal));
        await SettleAsync();
        var dynamic = First.Of("/any\"*[é#");

        await First.Of("/chat").EmitAsync("for chat");
        await dynamic.EmitAsync("for any");
        Assert.Equal("""42/chat,["for chat"]""", await chat.ReadAsync());
        Assert.Equal("42/any\"*[é#,[\"for any\"]", await any.ReadAsync());
        Assert.Equal(1, await dynamic.CountAsync());
        var asking = dynamic.CallAsync<string>("who");
        await any.AnswerAsync("""["there"]""");

        Assert.Equal(["there"], (await asking.Soon()).Replies.Values);
        await AssertNothingElseAsync();
    }

    [Fact]
    public async Task Events_for_the_servers_of_a_namespace_stay_in_it()
    {
        var here = await First.Cluster.CallAsync<string>("where");
        var chat = await First.Of("/chat").Cluster.CallAsync<string>("where");
        var nobody = await First.Of("/chat").Cluster.CallAsync<int>("sum", 1);

        Assert.Equal(Enumerable.Repeat("here", ServerCount - 1), here.Replies.Values);
        Assert.Equal(Enumerable.Repeat("/chat", ServerCount - 1), chat.Replies.Values);
        Assert.Empty(nobody.Replies);
        Assert.Equal(First.Cluster.NodeId, First.Of("/chat").Cluster.NodeId);
    }

    [Fact]
    public async Task Servers_tell_and_ask_each_other()
    {
        await First.Cluster.EmitAsync("count", 3);
        await Eventually.TrueAsync(() => _serverEvents == 3 * (ServerCount - 1), () => $"{_serverEvents}");

        var sums = await First.Cluster.CallArgsAsync<int>("sum", [1, 2]);
        var bytes = await First.Cluster.CallAsync<byte[]>("echo", new byte[] { 1, 2 });
        var wrong = await First.Cluster.CallAsync<int>("echo", new byte[] { 1, 2 });
        var nobody = await First.Cluster.CallAsync<int>("nobody handles it");
        var failing = await First.Cluster.CallAsync<int>("fail");

        Assert.Equal(Others(), sums.Replies.Keys.Order(StringComparer.Ordinal));
        Assert.All(sums.Replies.Values, sum => Assert.Equal(3, sum));
        Assert.All(bytes.Replies.Values, value => Assert.Equal([1, 2], value));
        Assert.Equal(ServerCount - 1, bytes.Replies.Count);
        foreach (var reply in (ClusterReply<int>[])[wrong, nobody, failing])
        {
            Assert.Empty(reply.Replies);
            Assert.Equal(ServerCount - 1, reply.MissingNodes.Count);
        }

        IEnumerable<string> Others() => _servers.Skip(1).Select(server => server.Io.Cluster.NodeId).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_servers_know_each_other()
    {
        foreach (var server in _servers)
        {
            await Eventually.TrueAsync(() => server.Io.Cluster.Nodes.Count == ServerCount, () => $"{server.Io.Cluster.Nodes.Count} servers");
            Assert.Equal(server.Io.Cluster.NodeId, server.Io.Cluster.Nodes[0].Id);
            Assert.Equal(BusState.Alive, server.Io.Cluster.State);
        }
    }

    [GeneratedRegex(@"^42(\d*)")]
    private static partial Regex AckId { get; }

    private static string IdOf(string question) => AckId.Match(question).Groups[1].Value;

    private protected async Task<Server> StartServerAsync(int index, Action<ClusterOptions>? cluster = null)
    {
        var bus = Connect();
        return await Server.StartAsync(
            bus,
            CreateWire,
            io => io
                .OnCluster("count", (int by) => Interlocked.Add(ref _serverEvents, by))
                .OnCluster("sum", async (int a, int b) =>
                {
                    await Task.Yield();
                    return a + b;
                })
                .OnCluster("echo", (byte[] bytes) => bytes)
                .OnCluster("fail", int () => throw new InvalidOperationException("the handler's own"))
                .OnCluster("where", () => "here")
                .Of("/chat").OnCluster("where", (ISocketNamespace chat) => chat.Name),
            cluster: o =>
            {
                o.NodeName = $"server-{index}";
                cluster?.Invoke(o);
            },
            log: CreateLog());
    }

    // What is for nobody would come before what is for everybody.
    private async Task AssertNothingElseAsync()
    {
        foreach (var server in _servers)
        {
            await server.Io.EmitAsync("end");
            foreach (var client in _clients) Assert.Equal("""42["end"]""", await client.ReadAsync());
        }
    }
}

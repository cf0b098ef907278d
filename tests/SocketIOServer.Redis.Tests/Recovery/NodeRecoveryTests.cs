using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace SocketIOServer.Redis.Tests.Recovery;

/// <summary>
/// Sessions that move between servers of ours and of Node with @socket.io/redis-streams-adapter and connectionStateRecovery, over one stream. A server is 0 or 1
/// for ours, 2 or 3 for Node's.
/// </summary>
[Trait("With", "Node")]
public sealed class NodeRecoveryTests(NodeRecoveryFixture fixture) : IClassFixture<NodeRecoveryFixture>, IAsyncLifetime
{
    private const int Ours = 2;

    private readonly TestHost[] _hosts = new TestHost[Ours];
    private readonly List<RecoveringClient> _clients = [];
    private readonly Channel<ISocket> _joined = Channel.CreateUnbounded<ISocket>();
    private ConnectionMultiplexer _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(fixture.Redis.Configuration);
        for (var i = 0; i < Ours; i++) _hosts[i] = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) await client.DisposeAsync();
        foreach (var host in _hosts) await host.DisposeAsync();
        await _connection.DisposeAsync();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 3)]
    public async Task A_client_gets_its_session_and_what_it_missed_from_another_server(int from, int to)
    {
        var client = await JoinAsync(from, "room", "é");
        var (sid, pid) = (client.Sid, client.Pid);
        await EmitAsync(from, "room", "first");
        Assert.Equal("""["first"]""", await client.ReadAsync());
        await CutAsync(client);

        await EmitAsync(0, "room", "to a room", 1);
        await EmitAsync(2, "é", "to another", 2);
        await EmitAsync(1, "elsewhere", "not for it");
        await EmitAsync(3, null, "to all", new byte[] { 1, 2 });
        await EmitAsync(1, null, "to all", new byte[] { 3 }, "é");
        await EmitAsync(3, sid, "to its id", 5);
        await EmitAsync(0, sid, "to its id", 6);
        await ReturnAsync(client, to);

        Assert.Equal((true, sid, pid), (client.Recovered, client.Sid, client.Pid));
        await EmitAsync(to, "room", "live");
        string[] expected =
        [
            """["to a room",1]""", """["to another",2]""", """["to all",{"_placeholder":true,"num":0}] b:0102""", """["to all",{"_placeholder":true,"num":0},"\u00E9"] b:03""",
            """["to its id",5]""", """["to its id",6]""", """["live"]""",
        ];
        Assert.Equal(expected, await client.ReadAsync(expected.Length));
        Assert.Equal(["room", "é"], await RoomsAsync(to, sid));
    }

    [Fact]
    public async Task The_data_of_a_socket_moves_both_ways()
    {
        var client = await JoinAsync(2, "room");
        await fixture.Nodes[0].RunAsync(["setData", client.Sid, new { name = "Ada", age = 36, deep = new { list = new object[] { 1, "two" } } }]);
        await EmitAsync(2, "room", "first");
        await client.ReadAsync();

        await CutAsync(client);
        var socket = await ReturnAsync(client, 0);
        Assert.True(socket!.Recovered);
        Assert.Equal(("Ada", 36), (socket.Data.Get<string>("name"), socket.Data.Get<int>("age")));
        Assert.Equal("""{"list":[1,"two"]}""", socket.Data.Get<JsonElement>("deep").GetRawText());
        socket.Data.Set("name", "Grace");

        await EmitAsync(0, "room", "second");
        await client.ReadAsync();
        await CutAsync(client);
        await ReturnAsync(client, 3);
        Assert.True(client.Recovered);
        var data = (await fixture.Nodes[1].RunAsync(["local"], ["in", client.Sid], ["fetchSockets"]))[0].GetProperty("data");
        Assert.Equal("""{"name":"Grace","age":36,"deep":{"list":[1,"two"]}}""", data.GetRawText());
    }

    [Fact]
    public async Task A_server_of_Node_continues_a_session_that_has_events_of_ours()
    {
        var client = await Create(0).ConnectAsync();
        var socket = await _joined.Reader.ReadAsync().AsTask().Soon();
        await socket.JoinAsync("room");
        await EmitAsync(0, "room", "first");
        await client.ReadAsync();
        await client.Client.SendAsync("""420["order","k1"]""");
        Assert.Equal("""430["done"]""", await client.Client.ReadAsync());
        await socket.Durable.EmitAsync("news", new byte[] { 1 });
        Assert.Equal("""451-0["news",{"_placeholder":true,"num":0}]""", await client.Client.ReadAsync());
        await client.Client.ReadAsync();
        await CutAsync(client);
        await EmitAsync(0, "room", "missed");

        await ReturnAsync(client, 2);
        Assert.True(client.Recovered);
        Assert.Equal("""["missed"]""", await client.ReadAsync());
        Assert.Equal(["room"], await RoomsAsync(2, client.Sid));
        await CutAsync(client);
        await ReturnAsync(client, 1);
        Assert.True(client.Recovered);
    }

    [Fact]
    public async Task A_session_is_taken_once_whoever_takes_it()
    {
        var client = await JoinAsync(2, "room");
        await EmitAsync(2, "room", "first");
        await client.ReadAsync();
        await CutAsync(client);
        var (pid, offset) = (client.Pid, client.Offset);
        await ReturnAsync(client, 0);
        Assert.True(client.Recovered);

        var thief = Create(3);
        (thief.Pid, thief.Offset) = (pid, offset);
        await thief.ConnectAsync();

        Assert.False(thief.Recovered);
    }

    /// <summary>
    /// Four servers emit at once. A server of Node gives a client its own events before earlier ones of others, so what a client misses or gets twice there cannot be
    /// known; on servers of ours it gets all entries from its offset on, once and in their order.
    /// </summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    public async Task No_event_is_missing_or_comes_twice_while_it_moves_to_and_fro_under_load(int first, int second)
    {
        const int Moves = 10, Count = 300;
        var client = await JoinAsync(first, "load");
        var (sid, begin) = (client.Sid, await LastAsync());
        var emitting = EmitAllAsync();
        var got = new List<(int Server, List<string> Ids, string? From)> { (first, [], null) };
        var numbers = new List<(int Server, int Number)>();
        while (await ReadNumberAsync() is { } number)
        {
            numbers.Add(number);
            if (got.Count > Moves || numbers.Count < got.Count * Count * 4 / (Moves + 2)) continue;
            await CutAsync(client);
            var next = got.Count % 2 == 1 ? second : first;
            await ReturnAsync(client, next);
            Assert.Equal((true, sid), (client.Recovered, client.Sid));
            got.Add((next, [], client.Offset));
        }

        await emitting;
        var stream = await Stream(begin);
        foreach (var (_, ids, from) in got.Where(static part => part.Server < Ours))
        {
            Assert.NotEmpty(ids);
            Assert.Equal(stream.SkipWhile(id => from is not null && id != from).Skip(from is null ? 0 : 1).Take(ids.Count), ids);
        }

        var doubles = numbers.Count - numbers.Distinct().Count();
        var missing = 4 * Count - numbers.Distinct().Count();
        TestContext.Current.SendDiagnosticMessage($"{numbers.Count} events of 4 servers, {Moves} moves between {first} and {second}: {missing} missing, {doubles} twice");
        if (second >= Ours) return;
        Assert.Equal((0, 0), (missing, doubles));
        for (var server = 0; server < 4; server++) Assert.Equal(Enumerable.Range(0, Count), numbers.Where(number => number.Server == server).Select(number => number.Number));

        async Task EmitAllAsync()
        {
            await Task.WhenAll([.. Enumerable.Range(0, Ours + fixture.Nodes.Count).Select(server => EmitNumbersAsync(server, Count))]);
            // Behind those of Node, which are written when it says so, and those of ours, which one server writes in their order.
            await Eventually.TrueAsync(async () => (await Stream(begin)).Length == 4 * Count, "not all was written");
            await EmitAsync(0, "load", "end");
        }

        // Null: the end.
        async Task<(int, int)?> ReadNumberAsync()
        {
            var args = JsonElement.Parse((await client.ReadAsync()).Split(" b:")[0]);
            if (args[0].GetString() == "end") return null;
            got[^1].Ids.Add(client.Offset!);
            return (args[1].GetInt32(), args[2].GetInt32());
        }
    }

    private Task EmitNumbersAsync(int server, int count) =>
        server >= Ours ? fixture.Nodes[server - Ours].RunAsync(["numbers", "load", server, count, 3]) : EmitNumbersAsync(_hosts[server].Io.To("load"), server, count);

    private static async Task EmitNumbersAsync(IBroadcast room, int server, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await room.EmitArgsAsync("n", i % 2 == 0 ? [server, i] : [server, i, new byte[] { (byte)i }]);
            await Task.Delay(3);
        }
    }

    // The stream is empty where this test is the first.
    private async Task<string> LastAsync() => (await _connection.GetDatabase().StreamRangeAsync("socket.io", count: 1, messageOrder: Order.Descending)) is [var last] ? last.Id! : "0-0";

    // The events that were written since, in their order.
    private async Task<string[]> Stream(string since) =>
        [.. (await _connection.GetDatabase().StreamRangeAsync("socket.io", minId: since)).Where(entry => entry.Id != since && entry["type"] == "3").Select(entry => (string)entry.Id!)];

    // Their clock stands still, so a busy machine is not taken for a Redis that does not answer.
    private async Task<TestHost> StartAsync() => await TestHost.StartAsync(
        io => io.OnConnected((ISocket socket) => { _joined.Writer.TryWrite(socket); }).On("order", ([RetryKey] string key) => "done"),
        o => (o.Recovery, o.Inbox) = (new(), new()),
        builder => builder.Services.AddSocketIO().AddRedisStreams(fixture.Redis.Configuration));

    private RecoveringClient Create(int server)
    {
        var client = new RecoveringClient(AddressOf(server));
        _clients.Add(client);
        return client;
    }

    private Uri AddressOf(int server) => server < Ours ? _hosts[server].Address : fixture.Nodes[server - Ours].Address;

    private async Task<RecoveringClient> JoinAsync(int server, params string[] rooms)
    {
        var client = await Create(server).ConnectAsync();
        if (server >= Ours) await WriteAsync(() => fixture.Nodes[server - Ours].RunAsync(["in", client.Sid], ["socketsJoin", rooms]));
        else await (await _joined.Reader.ReadAsync().AsTask().Soon()).JoinAsync(rooms);
        return client;
    }

    // Until the session is where each server finds it.
    private async Task CutAsync(RecoveringClient client)
    {
        client.Cut();
        await Eventually.TrueAsync(async () => await _connection.GetDatabase().KeyExistsAsync("sio:session:" + client.Pid), "the session is not saved");
    }

    private async Task<ISocket?> ReturnAsync(RecoveringClient client, int server)
    {
        client.Server = AddressOf(server);
        await client.ConnectAsync();
        return server < Ours ? await _joined.Reader.ReadAsync().AsTask().Soon() : null;
    }

    private Task EmitAsync(int server, string? room, string name, params object?[] arguments) => WriteAsync(() => (server, room) switch
    {
        ( < Ours, null) => _hosts[server].Io.EmitArgsAsync(name, arguments).AsTask(),
        ( < Ours, _) => _hosts[server].Io.To(room).EmitArgsAsync(name, arguments).AsTask(),
        (_, null) => fixture.Nodes[server - Ours].RunAsync(["emit", name, .. arguments]),
        _ => fixture.Nodes[server - Ours].RunAsync(["to", room], ["emit", name, .. arguments]),
    });

    // The order of two servers is the one in which they have written.
    private async Task WriteAsync(Func<Task> write)
    {
        var length = await _connection.GetDatabase().StreamLengthAsync("socket.io");
        await write();
        await Eventually.TrueAsync(async () => await _connection.GetDatabase().StreamLengthAsync("socket.io") > length, "nothing was written to the stream");
    }

    private async Task<string[]> RoomsAsync(int server, string sid)
    {
        IEnumerable<string> rooms = server < Ours
            ? (await _hosts[server].Io.Local.FetchSocketsAsync()).Single(socket => socket.Id == sid).Rooms
            : (await fixture.Nodes[server - Ours].RunAsync(["local"], ["in", sid], ["fetchSockets"]))[0].GetProperty("rooms").Deserialize<string[]>()!;
        return [.. rooms.Where(room => room != sid).Order(StringComparer.Ordinal)];
    }
}

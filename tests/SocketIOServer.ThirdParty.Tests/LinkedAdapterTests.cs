using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>Two servers that are joined by an adapter from outside are one to their clients and to their programs.</summary>
public sealed partial class LinkedAdapterTests : IAsyncLifetime
{
    private readonly Link _link = new();
    private TestHost _first = null!;
    private TestHost _second = null!;
    private Client _here = null!;
    private Client _there = null!;

    [GeneratedRegex("\"sid\":\"([^\"]+)\"")]
    private static partial Regex Sid { get; }

    public async ValueTask InitializeAsync()
    {
        _first = await StartAsync("first");
        _second = await StartAsync("second");
        _here = await JoinAsync(_first);
        _there = await JoinAsync(_second);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.Socket.DisposeAsync();
        await _there.Socket.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_broadcast_reaches_everybody_in_order_and_with_binary()
    {
        await _first.Io.EmitAsync("news", 1, "é");
        await _first.Io.EmitAsync("file", new byte[] { 1, 2 });
        await _first.Io.EmitAsync("news", 2);

        foreach (var client in new[] { _here, _there })
        {
            Assert.Equal("""42["news",1,"é"]""", await client.Socket.ReadAsync());
            Assert.Equal("""451-["file",{"_placeholder":true,"num":0}]""", await client.Socket.ReadAsync());
            Assert.Equal("b:0102", await client.Socket.ReadAsync());
            Assert.Equal("""42["news",2]""", await client.Socket.ReadAsync());
        }
    }

    [Fact]
    public async Task Local_stays_in_the_process()
    {
        await _first.Io.Local.EmitAsync("news", "near");
        await _first.Io.Except("nobody").Local.Volatile.To("a", _here.Id, _there.Id).Compress(false).EmitAsync("news", "nearer");
        await _first.Io.EmitAsync("news", "far");

        Assert.Equal(["""42["news","near"]""", """42["news","nearer"]""", """42["news","far"]"""], await ReadAsync(_here, 3));
        Assert.Equal("""42["news","far"]""", await _there.Socket.ReadAsync());
        Assert.Equal(1, await _first.Io.Local.CountAsync());
        Assert.Equal([_here.Id], (await _first.Io.Local.FetchSocketsAsync()).Select(socket => socket.Id));
    }

    [Fact]
    public async Task Rooms_span_the_servers()
    {
        await _first.Io.To(_there.Id).JoinAsync("a", "b");
        await _second.Io.To(_here.Id).JoinAsync("b");
        await _first.Io.To(_there.Id).LeaveAsync("b");
        // The first server has answered this when it has done what the second one told it before.
        await _second.Io.CountAsync();

        var sockets = await _first.Io.FetchSocketsAsync();

        Assert.Equal(
            new[] { $"{_here.Id} b", $"{_there.Id} a" }.Order(StringComparer.Ordinal),
            sockets.Select(socket => string.Join(' ', socket.Rooms)).Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b"], (await _second.Io.RoomsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(1, await _first.Io.To("a").CountAsync());
        await _first.Io.To("a").Except("b").EmitAsync("news");
        Assert.Equal("""42["news"]""", await _there.Socket.ReadAsync());
    }

    [Fact]
    public async Task A_socket_elsewhere_is_told_and_asked_by_what_was_fetched()
    {
        var there = Assert.Single(await _first.Io.To(_there.Id).FetchSocketsAsync());

        await there.EmitAsync("news", 1);
        Assert.Equal("""42["news",1]""", await _there.Socket.ReadAsync());
        await there.JoinAsync("a");
        Assert.Equal(1, await _first.Io.To("a").CountAsync());
        Assert.Null(_first.Io.FindSocket(_there.Id));
        Assert.NotNull(_second.Io.FindSocket(_there.Id));

        var asking = there.CallAsync<string>("who");
        await AnswerAsync(_there, """["there"]""");
        Assert.Equal("there", await asking.Soon());

        var wrong = there.CallAsync<int>("who");
        await AnswerAsync(_there, """["no number"]""");
        await Assert.ThrowsAsync<TimeoutException>(() => wrong.Soon());

        await there.DisconnectAsync();
        Assert.Equal("41", await _there.Socket.ReadAsync());
        await Assert.ThrowsAsync<SocketDisconnectedException>(() => there.CallAsync<string>("who").Soon());
    }

    [Fact]
    public async Task Somebody_elsewhere_is_disconnected()
    {
        await _first.Io.To(_there.Id).DisconnectAsync();

        Assert.Equal("41", await _there.Socket.ReadAsync());
        Assert.Equal(1, await _first.Io.CountAsync());
    }

    [Fact]
    public async Task A_broadcast_that_asks_for_acks_collects_them_from_both()
    {
        var asking = _first.Io.CallAsync<string>("who");
        await AnswerAsync(_here, """["here"]""");
        await AnswerAsync(_there, """["there"]""");

        var reply = await asking.Soon();

        Assert.Equal(new Dictionary<string, string> { [_here.Id] = "here", [_there.Id] = "there" }, reply.Replies);
        Assert.Empty(reply.Missing);
    }

    [Fact]
    public async Task Who_leaves_elsewhere_is_missing_and_not_waited_for()
    {
        var asking = _first.Io.CallAsync<string>("who");
        await AnswerAsync(_here, """["here"]""");
        await _there.Socket.ReadAsync();
        await _there.Socket.SendAsync("41");

        var reply = await asking.Soon();

        Assert.Equal([_there.Id], reply.Missing);
        Assert.Equal(["here"], reply.Replies.Values);
    }

    [Fact]
    public async Task Binary_acks_come_back_too_and_one_of_another_type_is_missing()
    {
        var asking = _first.Io.CallAsync<byte[]>("who");
        await AnswerAsync(_here, "[true]");
        var question = await _there.Socket.ReadAsync();
        await _there.Socket.SendAsync($$"""461-{{IdOf(question)}}[{"_placeholder":true,"num":0}]""");
        await _there.Socket.SendAsync([7, 8]);

        var reply = await asking.Soon();

        Assert.Equal([7, 8], Assert.Single(reply.Replies).Value);
        Assert.Equal([_here.Id], reply.Missing);
    }

    [Fact]
    public async Task A_server_that_hangs_is_waited_for_until_the_timeout_and_not_longer()
    {
        _link.Deaf.Add("second");
        var asking = _first.Io.CallAsync<string>("who", timeout: TimeSpan.FromSeconds(2));
        await AnswerAsync(_here, """["here"]""");
        // Packets of a client are handled in order, so the ack has been taken when this is answered.
        await _here.Socket.SendAsync("""420["ping"]""");
        Assert.Equal("430[]", await _here.Socket.ReadAsync());
        while (!asking.IsCompleted)
        {
            _first.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(["here"], (await asking).Replies.Values);
    }

    [Fact]
    public async Task Namespaces_are_apart_and_each_has_its_own_adapter()
    {
        await using var chat = (await JoinAsync(_second, "/chat")).Socket;

        await _first.Io.Of("/chat").EmitAsync("news");
        await _first.Io.EmitAsync("other");

        Assert.Equal("""42/chat,["news"]""", await chat.ReadAsync());
        Assert.Equal("""42["other"]""", await _there.Socket.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_that_clients_name_is_subscribed_to_while_somebody_is_in_it()
    {
        Assert.Empty(_link.Others("/any", "nobody"));

        for (var i = 0; i < 2; i++)
        {
            await using var one = (await JoinAsync(_second, "/any")).Socket;
            await using var other = (await JoinAsync(_second, "/any")).Socket;
            Assert.Equal(["second"], _link.Others("/any", "nobody"));
            await _first.Io.Of("/any").EmitAsync("news");
            Assert.Equal("""42/any,["news"]""", await one.ReadAsync());
            await LeaveAsync(one, "/any");
            Assert.Equal(["second"], _link.Others("/any", "nobody"));
            await LeaveAsync(other, "/any");
            Assert.Empty(_link.Others("/any", "nobody"));
        }
    }

    [Fact]
    public async Task A_program_can_ask_about_a_namespace_that_is_in_use_elsewhere_only()
    {
        var client = await JoinAsync(_second, "/any");
        await using var socket = client.Socket;

        var asking = _first.Io.Of("/any").CallAsync<string>("who");
        var question = await socket.ReadAsync();
        await socket.SendAsync(question.Replace("42/any", "43/any", StringComparison.Ordinal).Replace("\"who\"", "\"there\"", StringComparison.Ordinal));

        Assert.Equal(["there"], (await asking.Soon()).Replies.Values);
        Assert.Equal([client.Id], (await _first.Io.Of("/any").FetchSocketsAsync()).Select(each => each.Id));
    }

    [Fact]
    public async Task A_server_that_has_stopped_is_no_longer_subscribed()
    {
        var third = await StartAsync("third");
        Assert.Contains("third", _link.Others("/", "nobody"));

        await third.DisposeAsync();

        Assert.DoesNotContain("third", _link.Others("/", "nobody"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[\"connect\"]")]
    [InlineData("[\"e\"")]
    [InlineData("[\"e\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("[\"\\xff\"]")]
    public async Task What_another_process_sends_is_checked(string json)
    {
        var bytes = new LinkMessage { From = "elsewhere", Kind = LinkMessageKind.Broadcast, Json = System.Text.Encoding.Latin1.GetBytes(json.Replace("\\xff", "\xff", StringComparison.Ordinal)) };

        _link.Publish("/", "elsewhere", bytes.Write());
        await _first.Io.EmitAsync("next");

        Assert.Equal("""42["next"]""", await _here.Socket.ReadAsync());
        Assert.Equal("""42["next"]""", await _there.Socket.ReadAsync());
    }

    [Fact]
    public async Task A_server_that_speaks_MessagePack_gets_the_same_event()
    {
        await using var third = await StartAsync("third", PacketParser.MessagePack);
        await using var packed = (await ConnectPackedAsync(third)).Socket;

        await _first.Io.EmitAsync("news", new { Name = "é", Data = new byte[] { 1 } });
        // {"type":2,"nsp":"/","data":["news",{"name":"é","data":<bin 8 01>}]}
        var fromJson = await packed.ReadAsync();
        await third.Io.EmitAsync("news", new { Name = "é", Data = new byte[] { 1 } });
        var own = await packed.ReadAsync();

        Assert.Equal(own, fromJson);
        Assert.Equal(
            ["""451-["news",{"name":"é","data":{"_placeholder":true,"num":0}}]""", "b:01", """451-["news",{"name":"é","data":{"_placeholder":true,"num":0}}]""", "b:01"],
            await ReadAsync(_here, 4));
    }

    private static async Task<Client> ConnectPackedAsync(TestHost host)
    {
        var socket = await SocketClient.ConnectAsync(host);
        // {"type":0,"nsp":"/"}
        await socket.SendAsync([0x82, 0xa4, .. "type"u8, 0x00, 0xa3, .. "nsp"u8, 0xa1, .. "/"u8]);
        await socket.ReadAsync();
        return new(socket, "");
    }

    private static async Task<Client> JoinAsync(TestHost host, string name = "/")
    {
        var socket = await SocketClient.ConnectAsync(host);
        await socket.SendAsync(name == "/" ? "40" : $"40{name},");
        return new(socket, Sid.Match(await socket.ReadAsync()).Groups[1].Value);
    }

    // Packets of a client are handled in order, so it has left when this is answered.
    private static async Task LeaveAsync(SocketClient client, string name)
    {
        await client.SendAsync($"41{name},");
        await client.SendAsync("40");
        while (!(await client.ReadAsync()).StartsWith("40{", StringComparison.Ordinal))
        {
        }
    }

    private static async Task<string[]> ReadAsync(Client client, int count)
    {
        var texts = new string[count];
        for (var i = 0; i < count; i++) texts[i] = await client.Socket.ReadAsync();
        return texts;
    }

    private static async Task AnswerAsync(Client client, string arguments) =>
        await client.Socket.SendAsync($"43{IdOf(await client.Socket.ReadAsync())}{arguments}");

    private static string IdOf(string question) => question[2..question.IndexOf('[', StringComparison.Ordinal)];

    private Task<TestHost> StartAsync(string server, PacketParser? parser = null) => TestHost.StartAsync(
        io =>
        {
            io.On("ping", () => { });
            io.Of("/chat").On("unused", () => { });
            io.OfAny(name => name == "/any").On("unused", () => { });
        },
        options => options.Parser = parser ?? PacketParser.Json,
        builder => builder.Services.AddSocketIO().UseAdapter(context => new LinkedAdapter(context, _link, server)));

    private sealed record Client(SocketClient Socket, string Id);
}

using System.Text;

namespace SocketIOServer.Cluster.Tests.Adapters;

/// <summary>Two servers on one bus in the process: what crosses it, and what does not.</summary>
public sealed class ClusterAdapterTests : IAsyncLifetime
{
    private readonly InProcessBus _bus = new();
    private Server _first = null!;
    private Server _second = null!;
    private Client _here = null!;
    private Client _there = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await Server.StartAsync(_bus.Connect());
        _second = await Server.StartAsync(_bus.Connect());
        _here = await _first.JoinAsync();
        _there = await _second.JoinAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_broadcast_reaches_the_sockets_of_both_servers_in_order()
    {
        for (var i = 0; i < 100; i++) await _first.Io.EmitAsync("news", i);

        var expected = Enumerable.Range(0, 100).Select(i => $"42[\"news\",{i}]");
        Assert.Equal(expected, await _here.ReadAsync(100));
        Assert.Equal(expected, await _there.ReadAsync(100));
    }

    [Fact]
    public async Task Binary_and_letters_of_all_scripts_arrive_as_they_were()
    {
        await _first.Io.EmitAsync("bin", new byte[] { 1, 2 }, "é😀");

        Assert.Equal(["""451-["bin",{"_placeholder":true,"num":0},"é😀"]""", "b:0102"], await _there.ReadAsync(2));
    }

    [Fact]
    public async Task Rooms_and_exceptions_span_the_servers()
    {
        await _first.Io.To(_there.Id).JoinAsync("a", "b");
        await _second.Io.To(_here.Id).JoinAsync("b");
        await _first.Io.To(_there.Id).LeaveAsync("b");

        await _second.Io.To("b").EmitAsync("for here");
        await _first.Io.To("a").Except("b").EmitAsync("for there");
        await _first.Io.Except("a").EmitAsync("not for there");
        await _first.Io.EmitAsync("last");

        Assert.Equal(["""42["for here"]""", """42["not for there"]""", """42["last"]"""], await _here.ReadAsync(3));
        Assert.Equal(["""42["for there"]""", """42["last"]"""], await _there.ReadAsync(2));
    }

    [Fact]
    public async Task A_local_broadcast_stays_on_its_server()
    {
        await _first.Io.Local.EmitAsync("near");
        await _first.Io.EmitAsync("far");

        Assert.Equal(["""42["near"]""", """42["far"]"""], await _here.ReadAsync(2));
        Assert.Equal("""42["far"]""", await _there.ReadAsync());
    }

    [Fact]
    public async Task A_socket_elsewhere_is_disconnected()
    {
        await _first.Io.To(_there.Id).DisconnectAsync();

        Assert.Equal("41", await _there.ReadAsync());
    }

    [Fact]
    public async Task Namespaces_are_apart()
    {
        await using var chat = await _second.JoinAsync("/chat");

        await _first.Io.Of("/chat").EmitAsync("news");
        await _first.Io.EmitAsync("other");

        Assert.Equal("""42/chat,["news"]""", await chat.ReadAsync());
        Assert.Equal("""42["other"]""", await _there.ReadAsync());
    }

    [Fact]
    public async Task A_namespace_that_clients_name_hears_events_for_the_servers_while_somebody_is_in_it()
    {
        var any = _first.Io.Of("/any-1").Cluster;
        Assert.Empty((await any.CallAsync<string>("which").Soon()).Replies);
        await using var client = await _second.JoinAsync("/any-1");
        await using var other = await _second.JoinAsync("/any-2");

        var reply = await any.CallAsync<string>("which").Soon();

        Assert.Equal(["/any-1"], reply.Replies.Values);
        Assert.Empty(reply.MissingNodes);
    }

    [Fact]
    public async Task A_server_that_speaks_MessagePack_gets_the_same_event()
    {
        await using var third = await Server.StartAsync(_bus.Connect(), options: o => o.Parser = PacketParser.MessagePack);
        await using var packed = await SocketClient.ConnectAsync(third.Host);
        // {"type":0,"nsp":"/"}
        await packed.SendAsync([0x82, 0xa4, .. "type"u8, 0x00, 0xa3, .. "nsp"u8, 0xa1, .. "/"u8]);
        await packed.ReadAsync();

        await _first.Io.EmitAsync("news", new { Name = "é", Data = new byte[] { 1 } });
        var fromJson = await packed.ReadAsync();
        await third.Io.EmitAsync("news", new { Name = "é", Data = new byte[] { 1 } });

        Assert.Equal(await packed.ReadAsync(), fromJson);
        const string Text = """451-["news",{"name":"é","data":{"_placeholder":true,"num":0}}]""";
        Assert.Equal([Text, "b:01", Text, "b:01"], await _here.ReadAsync(4));
    }

    [Fact]
    public async Task Credentials_of_a_client_stay_on_its_server()
    {
        await using var client = await SocketClient.OpenAsync(_second.Host, options: options =>
        {
            options.SetRequestHeader("Cookie", "session=secret");
            options.SetRequestHeader("Authorization", "Bearer secret");
            options.SetRequestHeader("X-Other", "not secret");
        });
        await client.ReadAsync();
        await client.SendAsync("""40/chat,{"token":"secret"}""");
        await client.ReadAsync();

        var socket = Assert.Single(await _first.Io.Of("/chat").FetchSocketsAsync());

        Assert.Equal("not secret", socket.Handshake.Headers["X-Other"]);
        Assert.False(socket.Handshake.Headers.ContainsKey("Cookie") || socket.Handshake.Headers.ContainsKey("Authorization"));
        Assert.DoesNotContain("secret", socket.Handshake.Auth.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"type":3,"data":{"packet":{"type":2,"data":["connect"]},"opts":{"rooms":[]}},"uid":"x","nsp":"/"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"type":2,"data":["e",{"_placeholder":true,"num":0}]},"opts":{"rooms":[]}},"uid":"x","nsp":"/"}""")]
    [InlineData("""{"type":3,"data":{"packet":{"type":2,"data":["e"]},"opts":{"rooms":[]}},"uid":"x","nsp":"/chat"}""")]
    public async Task What_is_no_message_of_the_namespace_is_counted_and_dropped(string poison)
    {
        var before = _second.Node.Poisoned;

        _first.Bus.Publish("socket.io#/#", Encoding.UTF8.GetBytes(poison));
        await _first.Io.EmitAsync("next");

        Assert.Equal("""42["next"]""", await _there.ReadAsync());
        Assert.Equal(1, _second.Node.Poisoned - before);
    }

    [Fact]
    public async Task A_number_that_is_missing_is_a_gap()
    {
        foreach (var n in (int[])[1, 2, 5, 6, 4])
        {
            _first.Bus.Publish("socket.io#/#", Encoding.UTF8.GetBytes($$$"""{"type":3,"data":{"packet":{"type":2,"data":["e",{{{n}}}]},"opts":{"rooms":[]}},"uid":"x","nsp":"/","n":{{{n}}}}"""));
        }

        await _there.ReadAsync(5);
        Assert.Equal(1, _second.Node.Gaps);
    }

    [Fact]
    public async Task A_dynamic_namespace_is_heard_while_somebody_is_in_it_and_leaves_nothing_behind()
    {
        for (var i = 0; i < 2; i++)
        {
            await using var one = await _second.JoinAsync("/any");
            Assert.Equal(1, await _first.Bus.CountAsync("socket.io#/any#", default));
            await _first.Io.Of("/any").EmitAsync("news");
            Assert.Equal("""42/any,["news"]""", await one.ReadAsync());
            await one.LeaveAsync();
            Assert.Equal(0, await _first.Bus.CountAsync("socket.io#/any#", default));
        }
    }
}

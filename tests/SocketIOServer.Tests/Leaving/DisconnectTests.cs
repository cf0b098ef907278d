namespace SocketIOServer.Tests.Leaving;

/// <summary>socket.io-protocol, "Disconnection from a namespace": by either side, of one namespace or all.</summary>
public sealed class DisconnectTests
{
    [Fact]
    public async Task A_client_leaves_one_namespace_and_stays_in_the_others()
    {
        await using var stage = await Stage.StartAsync();
        var root = await stage.JoinAsync();
        var chat = await stage.JoinAsync(root, "/chat");

        await root.Client.SendAsync("41/chat,");
        await root.Client.AssertAliveAsync();

        Assert.Equal((true, false), (root.Socket.IsConnected, chat.Socket.IsConnected));
        Assert.Equal(0, await stage.Io.Of("/chat").CountAsync());
    }

    [Fact]
    public async Task An_event_of_a_client_that_left_closes_the_connection()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Client.SendAsync("41");

        Assert.Equal("closed 1000", await member.Client.AskAsync("""42["ping"]"""));
    }

    [Fact]
    public async Task The_server_disconnects_one_namespace_and_the_connection_stays()
    {
        await using var stage = await Stage.StartAsync();
        var root = await stage.JoinAsync();
        var chat = await stage.JoinAsync(root, "/chat");

        await chat.Socket.EmitAsync("last");
        await chat.Socket.DisconnectAsync();
        await chat.Socket.DisconnectAsync();

        Assert.Equal(["""42/chat,["last"]""", "41/chat,"], await root.Client.ReadAsync(2));
        await root.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_that_was_disconnected_may_come_back()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.DisconnectAsync();

        Assert.Equal("41", await member.ReadAsync());
        Assert.NotEqual(member.Id, Wire.IdOf(await member.Client.AskAsync("40")));
        await member.Client.AssertAliveAsync();
    }

    // Node closes the connection for it; the client cannot have known.
    [Theory]
    [InlineData("42/chat,[\"ping\"]")]
    [InlineData("42/chat,1[\"ping\"]")]
    [InlineData("43/chat,0[]")]
    [InlineData("41/chat,")]
    public async Task What_crosses_a_disconnect_of_the_server_is_ignored(string packet)
    {
        await using var stage = await Stage.StartAsync();
        var root = await stage.JoinAsync();
        var chat = await stage.JoinAsync(root, "/chat");

        await chat.Socket.DisconnectAsync();
        await root.Client.SendAsync(packet);

        Assert.Equal("41/chat,", await root.ReadAsync());
        await root.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_binary_event_that_crosses_a_disconnect_is_ignored_with_its_attachments()
    {
        await using var stage = await Stage.StartAsync();
        var root = await stage.JoinAsync();
        var chat = await stage.JoinAsync(root, "/chat");

        await chat.Socket.DisconnectAsync();
        await root.Client.SendAsync("""451-/chat,["x",{"_placeholder":true,"num":0}]""");
        await root.Client.SendAsync([1]);

        Assert.Equal("41/chat,", await root.ReadAsync());
        await root.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Closing_tells_every_namespace_and_ends_the_connection()
    {
        await using var stage = await Stage.StartAsync();
        var root = await stage.JoinAsync();
        var chat = await stage.JoinAsync(root, "/chat");

        await chat.Socket.EmitAsync("last");
        await chat.Socket.DisconnectAsync(close: true);

        Assert.Equal(["""42/chat,["last"]""", "41", "41/chat,", "closed 1000"], await root.Client.ReadAsync(4));
        Assert.Equal((false, false), (root.Socket.IsConnected, chat.Socket.IsConnected));
    }

    [Fact]
    public async Task Closing_tells_a_polling_client_and_then_ends_the_session()
    {
        await using var stage = await Stage.StartAsync();
        var client = await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();

        await socket.DisconnectAsync(close: true);

        Assert.Equal("41", await client.PollAsync());
        Assert.Equal("1", await client.PollAsync());
        using var end = await client.GetAsync();
        Assert.Equal(400, (int)end.StatusCode);
    }

    [Fact]
    public async Task A_handler_may_disconnect_its_own_socket_and_its_ack_is_not_sent()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.Of("/chat").On("bye", async (ISocket socket) =>
            {
                await socket.DisconnectAsync();
                return "too late";
            });
        });
        await using var client = await SocketClient.JoinAsync(host);
        Wire.IdOf(await client.AskAsync("40/chat,"));

        Assert.Equal("41/chat,", await client.AskAsync("""42/chat,1["bye"]"""));

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_handler_may_disconnect_everyone()
    {
        await using var host = await TestHost.StartAsync(io => io.On("bye", (ISocketServer server) => server.DisconnectAsync(close: true)));
        await using var one = await SocketClient.JoinAsync(host);
        await using var two = await SocketClient.JoinAsync(host);

        await one.SendAsync("""42["bye"]""");

        Assert.Equal(["41", "closed 1000"], await one.ReadAsync(2));
        Assert.Equal(["41", "closed 1000"], await two.ReadAsync(2));
    }

    // Seed 002: the client has its answer before it is disconnected.
    [Fact]
    public async Task A_handler_may_disconnect_when_the_client_has_acked()
    {
        await using var host = await TestHost.StartAsync(io => io.On("disconnect_request", async (ISocket socket) =>
        {
            await socket.CallAsync("my_response", new { data = "Disconnected!" });
            await socket.DisconnectAsync();
        }));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""420["my_response",{"data":"Disconnected!"}]""", await client.AskAsync("""42["disconnect_request"]"""));

        Assert.Equal("41", await client.AskAsync("430[]"));
    }
}

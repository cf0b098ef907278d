using System.Text.Json;

namespace SocketIOServer.Tests;

/// <summary>socket.io-protocol v5, "Connection to a namespace": clients 3.x and 4.x.</summary>
public sealed class ConnectTests
{
    [Fact]
    public async Task A_client_joins_the_default_namespace_and_learns_its_id()
    {
        await using var host = await TestHost.StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        var reply = await client.AskAsync("40");

        Assert.Matches("""^40\{"sid":"[A-Za-z0-9_-]{20}"\}$""", reply);
    }

    [Fact]
    public async Task A_client_joins_another_namespace_with_its_credentials()
    {
        var auth = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io.Of("/chat").OnConnected((Handshake handshake) => auth.Add(handshake.Auth.GetRawText())));
        await using var client = await SocketClient.ConnectAsync(host);

        var reply = await client.AskAsync("""40/chat,{"token":"abc"}""");

        Assert.Matches("""^40/chat,\{"sid":"[A-Za-z0-9_-]{20}"\}$""", reply);
        Assert.Equal("""{"token":"abc"}""", await auth.NextAsync());
    }

    [Fact]
    public async Task Without_credentials_the_auth_is_undefined()
    {
        var kinds = new Inbox<JsonValueKind>();
        await using var host = await TestHost.StartAsync(io => io.OnConnected((Handshake handshake) => kinds.Add(handshake.Auth.ValueKind)));

        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal(JsonValueKind.Undefined, await kinds.NextAsync());
    }

    [Fact]
    public async Task Ids_are_random_and_never_the_session_id()
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat"));
        await using var client = await SocketClient.OpenAsync(host);
        var session = JsonDocument.Parse((await client.ReadAsync())[1..]).RootElement.GetProperty("sid").GetString();

        var root = Wire.IdOf(await client.AskAsync("40"));
        var chat = Wire.IdOf(await client.AskAsync("40/chat,"));

        Assert.Equal(3, new HashSet<string?> { session, root, chat }.Count);
    }

    [Fact]
    public async Task An_unknown_namespace_is_refused_and_the_connection_stays()
    {
        await using var host = await TestHost.StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        var reply = await client.AskAsync("40/nope,");

        Assert.Equal("""44/nope,{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""", reply);
        Wire.IdOf(await client.AskAsync("40"));
    }

    [Fact]
    public async Task What_is_emitted_while_connecting_goes_right_behind_the_connect_packet()
    {
        await using var host = await TestHost.StartAsync(io => io
            .OnConnecting(async (ISocket socket) =>
            {
                await socket.EmitAsync("session", 1);
                await socket.Volatile.EmitAsync("may be lost");
                await socket.EmitAsync("session", 2);
            })
            .OnConnected((ISocket socket) => socket.EmitAsync("welcome")));
        await using var client = await SocketClient.ConnectAsync(host);

        Wire.IdOf(await client.AskAsync("40"));
        Assert.Equal(["""42["session",1]""", """42["session",2]""", """42["welcome"]"""], await client.ReadAsync(3));
    }

    [Fact]
    public async Task What_is_emitted_while_connecting_is_dropped_where_the_client_is_refused()
    {
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.Of("/closed").OnConnecting(async (ISocket socket) =>
            {
                await socket.EmitAsync("secret");
                throw new ConnectionRefusedException("no");
            });
        });
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""44/closed,{"message":"no","data":{"code":"connection_refused"}}""", await client.AskAsync("40/closed,"));
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task What_is_emitted_while_connecting_has_the_limit_of_the_queue()
    {
        await using var host = await TestHost.StartAsync(
            io => io.OnConnecting(async (ISocket socket) =>
            {
                for (var i = 0; i < 20; i++) await socket.EmitAsync("e", new string('x', 1000));
                await Task.Delay(Timeout.Infinite, socket.Disconnected);
            }),
            options => options.MaxQueuedBytes = 10_000);
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("closed 1000", await client.AskAsync("40"));
    }

    [Fact]
    public async Task What_is_emitted_when_connected_goes_behind_the_connect_packet()
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnected((ISocket socket) => socket.EmitAsync("welcome", socket.Id)));
        await using var client = await SocketClient.ConnectAsync(host);

        var id = Wire.IdOf(await client.AskAsync("40"));

        Assert.Equal($"""42["welcome","{id}"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Who_has_the_connect_packet_hears_the_next_broadcast()
    {
        await using var host = await TestHost.StartAsync();

        for (var i = 0; i < 100; i++)
        {
            await using var client = await SocketClient.JoinAsync(host);
            await host.Io.EmitAsync("e", i);
            Assert.Equal($"""42["e",{i}]""", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task OnConnected_may_run_as_long_as_the_client_stays()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io
            .OnConnected(async (CancellationToken gone) =>
            {
                await Task.Delay(Timeout.Infinite, gone).ContinueWith(_ => notes.Add("gone"), TaskScheduler.Default);
            })
            .OnPing());
        await using var client = await SocketClient.JoinAsync(host);

        await client.AssertAliveAsync();
        await client.CloseAsync();

        Assert.Equal("gone", await notes.NextAsync());
    }

    [Theory]
    [InlineData("40")]
    [InlineData("40/,")]
    [InlineData("40/chat,")]
    public async Task A_second_CONNECT_closes_the_connection(string connect)
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat"));
        await using var client = await SocketClient.ConnectAsync(host);
        Assert.StartsWith("40", await client.AskAsync(connect), StringComparison.Ordinal);

        Assert.Equal("closed 1000", await client.AskAsync(connect));
    }

    // ATTACKS A65: Node runs the middleware once more for each, and makes a socket of each.
    [Fact]
    public async Task A_second_CONNECT_while_the_first_is_judged_closes_the_connection()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io.Of("/slow").OnConnecting((CancellationToken gone) =>
        {
            notes.Add("asked");
            return Task.Delay(Timeout.Infinite, gone);
        }));
        await using var client = await SocketClient.ConnectAsync(host);

        await client.SendAsync("40/slow,");
        await client.SendAsync("40/slow,");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("asked", await notes.NextAsync());
        Assert.True(notes.IsEmpty);
    }

    [Theory]
    [InlineData("42[\"x\"]")]
    [InlineData("421[\"x\"]")]
    [InlineData("42/chat,[\"x\"]")]
    [InlineData("42/nope,[\"x\"]")]
    [InlineData("43/chat,0[]")]
    [InlineData("41/chat,")]
    [InlineData("44/chat,{\"message\":\"x\"}")]
    [InlineData("451-/chat,[\"x\",{\"_placeholder\":true,\"num\":0}]")]
    [InlineData("40[]")]
    [InlineData("40null")]
    [InlineData("40\"x\"")]
    [InlineData("401")]
    public async Task What_breaks_the_rules_before_a_namespace_is_joined_closes_the_connection(string packet)
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat"));
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("closed 1000", await client.AskAsync(packet));
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task An_event_for_a_namespace_that_is_not_joined_closes_the_others_too()
    {
        var reasons = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnDisconnected((LeaveReason why) => reasons.Add(why.Text));
            io.Of("/chat");
        });
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("closed 1000", await client.AskAsync("""42/chat,["x"]"""));
        Assert.Equal("forced close", await reasons.NextAsync());
    }

    [Fact]
    public async Task A_client_may_come_back_to_a_namespace_that_it_left()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        await using var client = await SocketClient.ConnectAsync(host);
        var first = Wire.IdOf(await client.AskAsync("40"));

        await client.SendAsync("41");
        var second = Wire.IdOf(await client.AskAsync("40"));

        Assert.NotEqual(first, second);
        await client.AssertAliveAsync();
    }
}

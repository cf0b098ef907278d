using System.Text.Json;

namespace SocketIOServer.Tests;

/// <summary>socket.io-protocol v4: clients 1.x and 2.x, which are in "/" from the start.</summary>
public sealed class OldClientConnectTests
{
    [Fact]
    public async Task An_old_client_is_in_the_default_namespace_without_asking()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        await using var client = await SocketClient.ConnectAsync(host, eio: 3);

        Assert.Equal("40", await client.ReadAsync());
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task On_polling_with_the_answer_to_the_handshake()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());

        var client = await PollingClient.ConnectAsync(host, eio: 3);

        Assert.EndsWith("}2:40", client.Open, StringComparison.Ordinal);
    }

    // 1.x leaves the comma out, 2.x puts it behind the query.
    [Theory]
    [InlineData("40/chat,")]
    [InlineData("40/chat")]
    [InlineData("40/chat?token=1&x=y")]
    [InlineData("40/chat?token=1&x=y,")]
    public async Task Every_spelling_of_a_CONNECT_gets_the_same_reply(string connect)
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat").OnPing());
        await using var client = await Wire.JoinOldAsync(host);

        Assert.Equal("40/chat,", await client.AskAsync(connect));
        Assert.Equal("""43/chat,1["pong"]""", await client.AskAsync("""42/chat,1["ping"]"""));
    }

    [Fact]
    public async Task The_query_of_a_namespace_is_in_the_query_and_in_the_auth()
    {
        var handshakes = new Inbox<Handshake>();
        await using var host = await TestHost.StartAsync(io => io.Of("/chat").OnConnected((Handshake handshake) => handshakes.Add(handshake)));
        await using var client = await Wire.JoinOldAsync(host, "&user=ann&x=first");

        await client.SendAsync("40/chat?token=1%202&x=y,");

        var handshake = await handshakes.NextAsync();
        Assert.Equal("""{"token":"1 2","x":"y"}""", handshake.Auth.GetRawText());
        Assert.Equal(("ann", "1 2", "y"), (handshake.Query["user"].ToString(), handshake.Query["token"].ToString(), handshake.Query["x"].ToString()));
    }

    [Fact]
    public async Task Ids_are_those_that_the_client_makes_up_itself()
    {
        var ids = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnConnected((ISocket socket) => ids.Add(socket.Id));
            io.Of("/chat").OnConnected((ISocket socket) => ids.Add(socket.Id));
        });
        await using var client = await SocketClient.OpenAsync(host, eio: 3);
        var session = JsonDocument.Parse((await client.ReadAsync())[1..]).RootElement.GetProperty("sid").GetString();

        await client.SendAsync("40/chat");

        Assert.Equal([session!, "/chat#" + session], await ids.NextAsync(2));
    }

    [Fact]
    public async Task A_CONNECT_to_the_default_namespace_is_not_needed_and_does_no_harm()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        await using var client = await Wire.JoinOldAsync(host);

        await client.SendAsync("40");

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_second_CONNECT_to_another_namespace_closes_the_connection()
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat"));
        await using var client = await Wire.JoinOldAsync(host);
        Assert.Equal("40/chat,", await client.AskAsync("40/chat"));

        Assert.Equal("closed 1000", await client.AskAsync("40/chat"));
    }

    [Fact]
    public async Task An_old_client_leaves_without_a_comma()
    {
        var reasons = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.OnPing();
            io.Of("/chat").OnDisconnected((LeaveReason why) => reasons.Add(why.Text));
        });
        await using var client = await Wire.JoinOldAsync(host);
        Assert.Equal("40/chat,", await client.AskAsync("40/chat"));

        await client.SendAsync("41/chat");

        Assert.Equal("client namespace disconnect", await reasons.NextAsync());
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task An_unknown_namespace_is_refused_with_a_text()
    {
        await using var host = await TestHost.StartAsync(io => io.OnPing());
        await using var client = await Wire.JoinOldAsync(host);

        Assert.Equal("44/nope,\"Invalid namespace\"", await client.AskAsync("40/nope"));
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task The_log_does_not_show_the_session_id()
    {
        await using var host = await TestHost.StartAsync(io => io.On("fail", void () => throw new FormatException("the program's")).OnPing());
        await using var client = await SocketClient.OpenAsync(host, eio: 3);
        var session = JsonDocument.Parse((await client.ReadAsync())[1..]).RootElement.GetProperty("sid").GetString()!;
        await client.ReadAsync();

        await client.SendAsync("""42["fail"]""");
        await client.AssertAliveAsync();

        Assert.Single(host.Log.Errors);
        Assert.DoesNotContain(host.Log.Lines, line => line.Category == "SocketIOServer" && line.Text.Contains(session, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("abcde")]
    [InlineData("abcdef")]
    public async Task A_session_id_of_the_program_may_be_short(string session)
    {
        await using var host = await TestHost.StartAsync(
            io => io.On("fail", void () => throw new FormatException("the program's")).OnPing(), options => options.GenerateId = _ => session);
        await using var client = await Wire.JoinOldAsync(host);

        Assert.Equal("""431[{"error":"failed"}]""", await client.AskAsync("""421["fail"]"""));
        await client.AssertAliveAsync();

        Assert.DoesNotContain(session, Assert.Single(host.Log.Errors).Text, StringComparison.Ordinal);
    }
}

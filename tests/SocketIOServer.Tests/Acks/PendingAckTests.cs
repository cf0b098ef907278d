namespace SocketIOServer.Tests.Acks;

/// <summary>An ack completes once, for its own socket only, and none is left over.</summary>
public sealed class PendingAckTests
{
    [Fact]
    public async Task A_call_ends_when_the_client_leaves()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("a");

        await member.Client.SendAsync("41");

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => call.Soon());
        Assert.Equal(LeaveReason.ClientNamespaceDisconnect, error.Reason);
    }

    [Fact]
    public async Task A_call_ends_when_the_connection_ends()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("a");

        await member.Client.CloseAsync();

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => call.Soon());
        Assert.Equal("transport close", error.Reason.Text);
    }

    [Fact]
    public async Task A_call_to_a_socket_that_has_left_ends_at_once()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        await member.Socket.DisconnectAsync();

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => member.Socket.CallAsync<int>("a").Soon());

        Assert.Equal(LeaveReason.ServerNamespaceDisconnect, error.Reason);
    }

    // Acks do not pass through the lane, or this could never end.
    [Fact]
    public async Task A_handler_may_wait_for_an_ack_of_its_own_client()
    {
        await using var host = await TestHost.StartAsync(io => io.On("e", async (ISocket socket) => await socket.CallAsync<int>("sure?") + 1));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""420["sure?"]""", await client.AskAsync("""427["e"]"""));

        Assert.Equal("437[42]", await client.AskAsync("430[41]"));
    }

    [Fact]
    public async Task A_handler_on_polling_may_wait_for_an_ack_too()
    {
        await using var host = await TestHost.StartAsync(io => io.On("e", async (ISocket socket) => await socket.CallAsync<int>("sure?") + 1));
        var client = await PollingClient.JoinAsync(host);

        Assert.Equal((200, "ok"), await client.PostAsync("""427["e"]"""));
        Assert.Equal("""420["sure?"]""", await client.PollAsync());
        await client.PostAsync("430[41]");

        Assert.Equal("437[42]", await client.PollAsync());
    }

    [Fact]
    public async Task OnConnected_may_wait_for_an_ack()
    {
        await using var host = await TestHost.StartAsync(io => io.OnConnected(async (ISocket socket) => await socket.EmitAsync("got", await socket.CallAsync<int>("number"))));
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("""420["number"]""", await client.ReadAsync());

        Assert.Equal("""42["got",5]""", await client.AskAsync("430[5]"));
    }

    // The one who waits for an ack must not run on the loop that reads it.
    [Fact]
    public async Task What_follows_an_ack_may_block_without_holding_the_client_back()
    {
        using var gate = new ManualResetEventSlim();
        await using var host = await TestHost.StartAsync(io =>
        {
            io.On("e", async (ISocket socket) =>
            {
                await socket.CallAsync<int>("go");
                gate.Wait(TestHost.Patience);
            });
            io.Of("/other").OnPing();
        });
        await using var client = await SocketClient.JoinAsync(host);
        Wire.IdOf(await client.AskAsync("40/other,"));
        Assert.Equal("""420["go"]""", await client.AskAsync("""421["e"]"""));

        await client.SendAsync("430[1]");
        Assert.Equal("""43/other,2["pong"]""", await client.AskAsync("""42/other,2["ping"]"""));
        gate.Set();

        Assert.Equal("431[]", await client.ReadAsync());
    }

    [Fact]
    public async Task Unknown_and_double_acks_are_ignored()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        await member.Client.SendAsync("4399[1]", "430[]");
        await member.Client.AssertAliveAsync();
        var call = member.Socket.CallAsync<int>("a");

        await member.Client.SendAsync("430[1]", "430[2]", "431[3]");

        Assert.Equal(1, await call.Soon());
        Assert.Equal("""420["a"]""", await member.ReadAsync());
        await member.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task An_ack_of_another_socket_does_not_count()
    {
        await using var stage = await Stage.StartAsync();
        var one = await stage.JoinAsync();
        var two = await stage.JoinAsync();
        var call = one.Socket.CallAsync<int>("a");
        await one.ReadAsync();

        await two.Client.SendAsync("430[666]");
        await two.Client.AssertAliveAsync();
        await one.Client.SendAsync("430[1]");

        Assert.Equal(1, await call.Soon());
    }

    [Fact]
    public async Task More_than_MaxPendingAcks_throws_until_one_has_come()
    {
        await using var stage = await Stage.StartAsync(options: options => options.MaxPendingAcks = 2);
        var member = await stage.JoinAsync();
        var first = member.Socket.CallAsync<int>("a");
        _ = member.Socket.CallAsync<int>("b");

        await Assert.ThrowsAsync<InvalidOperationException>(() => member.Socket.CallAsync<int>("c"));
        await member.Client.SendAsync("430[1]");
        await first.Soon();
        _ = member.Socket.CallAsync<int>("d");

        Assert.Equal(["""420["a"]""", """421["b"]""", """422["d"]"""], await member.Client.ReadAsync(3));
    }

    [Theory]
    [InlineData("43")]
    [InlineData("430")]
    [InlineData("43[]")]
    [InlineData("430{}")]
    [InlineData("43-1[]")]
    public async Task A_broken_ack_closes_the_connection(string ack)
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var call = member.Socket.CallAsync<int>("a");
        await member.ReadAsync();

        Assert.Equal("closed 1000", await member.Client.AskAsync(ack));

        var error = await Assert.ThrowsAsync<SocketDisconnectedException>(() => call.Soon());
        Assert.Equal("parse error", error.Reason.Text);
    }

    [Fact]
    public async Task No_timer_is_left_of_a_call_that_was_answered()
    {
        await using var stage = await Stage.StartAsync();
        var member = await stage.JoinAsync();
        var before = stage.Host.Time.ArmedTimers;

        var call = member.Socket.CallAsync<int>("a");
        await member.Client.SendAsync("430[1]");
        await call.Soon();

        // What follows may run in the middle of what ended the call: it goes on, and drops its timer, once this test waits.
        await member.ReadAsync();
        await member.Client.AssertAliveAsync();

        await Eventually.TrueAsync(() => stage.Host.Time.ArmedTimers <= before, "the call's timer is gone");
    }
}

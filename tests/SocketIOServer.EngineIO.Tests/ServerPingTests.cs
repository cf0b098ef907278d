namespace SocketIOServer.EngineIO.Tests;

/// <summary>Revision 4: the server pings every 25 seconds and waits 20 for the pong.</summary>
public sealed class ServerPingTests : HeartbeatTests
{
    [Fact]
    public async Task The_ping_comes_when_it_is_due_and_not_before()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        Advance(host, 24.999);
        host.Single().Send("before");
        Advance(host, 0.001);

        Assert.Equal("4before", await client.ReadAsync());
        Assert.Equal("2", await client.ReadAsync());
    }

    [Fact]
    public async Task Pongs_keep_the_session_alive()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        for (var i = 0; i < 10; i++)
        {
            Advance(host, 25);
            Assert.Equal("2", await client.ReadAsync());
            await PongAsync(client);
        }

        Assert.True(host.Single().Session.IsOpen);
    }

    [Fact]
    public async Task A_late_pong_does_not_move_the_next_ping()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        Advance(host, 25);
        await client.ReadAsync();
        Advance(host, 19);
        await PongAsync(client);

        Advance(host, 6);

        Assert.Equal("2", await client.ReadAsync());
    }

    [Fact]
    public async Task Silence_ends_the_session_exactly_when_the_pong_is_overdue()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        Advance(host, 44.999);
        Assert.Equal("2", await client.ReadAsync());
        Assert.True(host.Single().Session.IsOpen);
        Advance(host, 0.001);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task Another_packet_gives_the_pong_its_time_once_more_and_only_once()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        Advance(host, 25);
        await client.ReadAsync();

        Advance(host, 15);
        await EchoAsync(client);
        Advance(host, 15);
        await EchoAsync(client);
        Advance(host, 4.999);
        Assert.True(host.Single().Session.IsOpen);
        Advance(host, 0.001);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task Fragments_and_control_frames_are_no_sign_of_life()
    {
        var host = await StartAsync(options => options.MessageTimeout = TimeSpan.FromMinutes(5));
        await using var client = await host.ConnectAsync();
        Advance(host, 25);
        await client.ReadAsync();

        Advance(host, 15);
        await client.SendAsync([1], isLast: false);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the fragment has arrived");
        Advance(host, 5);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task Pongs_that_nobody_asked_for_are_free()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        for (var i = 0; i < 1000; i++) await client.SendAsync("3");
        await EchoAsync(client);

        Assert.Equal(1, host.Time.ArmedTimers);
        Advance(host, 25);
        Assert.Equal("2", await client.ReadAsync());
    }

    // Boards ping as revision 3 has it, and take a server that does not answer for dead. The reference closes here.
    [Fact]
    public async Task A_ping_of_the_client_is_answered_and_moves_no_ping_of_the_server()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        Advance(host, 24);

        await client.SendAsync("2");
        Assert.Equal("3", await client.ReadAsync());
        Advance(host, 1);

        Assert.Equal("2", await client.ReadAsync());
        Advance(host, 20);
        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task A_ping_of_a_client_that_polls_is_answered_by_the_next_poll()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("2\u001e4hi\u001e2probe"));

        Assert.Equal("3\u001e4hi\u001e3", await client.PollAsync());
    }

    [Fact]
    public async Task A_ping_occupies_the_pending_poll()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        Advance(host, 25);

        Assert.Equal("2", await poll.Task);
        Assert.Equal((200, "ok"), await client.PostAsync("3"));
        Advance(host, 24.999);
        Assert.True(host.Find(client).Session.IsOpen);
    }

    [Fact]
    public async Task A_polling_client_that_never_comes_back_is_forgotten()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Advance(host, 45);

        Assert.Equal("ping timeout", (await host.Find(client).Closed).Text);
        Assert.Equal("""{"code":1,"message":"Session ID unknown"}""", await client.PollAsync());
        Assert.Equal(0, host.Time.ArmedTimers);
    }

    [Fact]
    public async Task The_poll_that_is_pending_when_the_pong_is_overdue_gets_a_close_packet()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        Advance(host, 25);
        Assert.Equal("2", await client.PollAsync());
        var poll = await host.StartPollAsync(client);

        Advance(host, 20);

        Assert.Equal("1", await poll.Task);
    }

    [Fact]
    public async Task The_heartbeat_goes_on_during_a_probe()
    {
        var host = await StartAsync(options => options.UpgradeTimeout = TimeSpan.FromMinutes(5));
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        await socket.ReadAsync();

        Advance(host, 45);

        Assert.Equal("ping timeout", (await host.Find(client).Closed).Text);
        Assert.Equal("closed 1000", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_session_that_is_busy_in_a_handler_is_not_declared_dead()
    {
        var gate = new TaskCompletionSource();
        var host = Keep(await EngineHost.StartAsync(onMessage: (_, _) => new(gate.Task)));
        await using var client = await host.ConnectAsync();
        await client.SendAsync("4slow");
        await Eventually.TrueAsync(() => host.Single().Session.Inbox.IsBusy, "the handler runs");

        Advance(host, 300);
        Assert.True(host.Single().Session.IsOpen);
        gate.SetResult();
        await Eventually.TrueAsync(() => !host.Single().Session.Inbox.IsBusy, "the handler has ended");
        Advance(host, 45);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }
}

namespace SocketIOServer.EngineIO.Tests;

public sealed class ShutdownTests : EngineTests
{
    [Fact]
    public async Task A_pending_poll_gets_a_close_packet()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        await host.Web.StopAsync();

        Assert.Equal("1", await poll.Task);
        Assert.Equal("server shutting down", (await host.Find(client).Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task A_WebSocket_is_closed_with_1001_behind_what_is_queued()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        host.Single().Send("last words");

        var stopping = host.Web.StopAsync();

        Assert.Equal("4last words", await client.ReadAsync());
        Assert.Equal("closed 1001", await client.ReadAsync());
        await client.CloseAsync();
        await stopping.Soon();
        Assert.Equal("server shutting down", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task Queued_messages_are_still_polled_and_then_the_close_packet()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        host.Find(client).Send("last words");

        host.Engine.Stop();

        Assert.Equal("4last words", await client.PollAsync());
        Assert.Equal("1", await client.PollAsync());
        Assert.Equal("""{"code":1,"message":"Session ID unknown"}""", await client.PollAsync());
    }

    [Fact]
    public async Task A_polling_client_that_does_not_come_back_is_forgotten_after_CloseTimeout()
    {
        var host = await StartAsync();
        await host.PollAsync();

        host.Engine.Stop();
        Assert.Equal(1, host.Engine.Sessions.Count);
        host.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Theory]
    [InlineData("?EIO=4&transport=polling", "GET", 503)]
    [InlineData("?EIO=4&transport=polling", "POST", 503)]
    [InlineData("?EIO=4&transport=websocket", "GET", 503)]
    [InlineData("?EIO=4&transport=polling&sid=x", "GET", 400)]
    public async Task New_handshakes_get_503(string query, string method, int status)
    {
        var host = await StartAsync();

        host.Engine.Stop();

        Assert.Equal(status, (await host.RequestAsync(query, method)).Status);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_an_upgrade_is_told_on_the_WebSocket_behind_what_is_queued()
    {
        var post = new TaskCompletionSource();
        var host = Keep(await EngineHost.StartAsync(onMessage: (_, _) => new(post.Task)));
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());

        // Its last POST keeps the upgrade waiting.
        var posting = client.PostAsync("4slow");
        await Eventually.TrueAsync(() => host.Single().Session.Inbox.IsBusy, "the handler runs");
        await socket.SendAsync("5");
        await Eventually.TrueAsync(() => host.Single().Session.Upgrade == UpgradeState.Upgraded, "the client has moved");
        host.Single().Send("last words");
        host.Engine.Stop();
        post.SetResult();

        Assert.Equal("4last words", await socket.ReadAsync());
        Assert.Equal("closed 1001", await socket.ReadAsync());
        await socket.CloseAsync();
        await posting;
    }

    [Fact]
    public async Task A_probe_in_progress_ends_and_its_poll_gets_the_close_packet()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);
        await using var socket = await host.ProbeAsync(client);

        host.Engine.Stop();

        Assert.Equal("1", await poll.Task);
        Assert.Equal("closed 1000", await socket.ReadAsync());
    }

    // Client 4.x that has read 3probe stops polling and sends its 5. If the WebSocket ends before that, it is silent until its ping timeout.
    [Fact]
    public async Task A_client_whose_probe_was_answered_completes_its_upgrade_and_is_told_then()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        host.Find(client).Send("last words");

        host.Engine.Stop();
        var told = host.Engine.Sessions.WhenEndedAsync(TestContext.Current.CancellationToken);
        await socket.SendAsync("5");

        Assert.Equal(["4last words", "closed 1001"], [await socket.ReadAsync(), await socket.ReadAsync()]);
        await socket.CloseAsync();
        await told.Soon();
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_handshake_closes_that_session_and_all_others()
    {
        var host = await StartAsync();
        var polling = await host.PollAsync();
        await using var socket = await host.ConnectAsync();
        host.OnOpening = host.Engine.Stop;

        var late = await host.PollAsync();

        Assert.Equal("1", await late.PollAsync());
        Assert.Equal("1", await polling.PollAsync());
        Assert.Equal("closed 1001", await socket.ReadAsync());
        Assert.All(host.All, client => Assert.Equal(1, client.Ends));
        Assert.Equal(503, (await host.RequestAsync("?EIO=4&transport=polling")).Status);
    }

    [Fact]
    public async Task It_is_known_when_all_are_told()
    {
        var host = await StartAsync();
        var polling = await host.PollAsync();
        host.Find(polling).Send("last words");
        await using var socket = await host.ConnectAsync();

        host.Engine.Stop();
        var told = host.Engine.Sessions.WhenEndedAsync(TestContext.Current.CancellationToken);
        Assert.Equal("closed 1001", await socket.ReadAsync());
        Assert.Equal("4last words", await polling.PollAsync());
        Assert.False(told.IsCompleted);
        Assert.Equal("1", await polling.PollAsync());

        await told.Soon();
    }

    [Fact]
    public async Task A_session_that_moves_while_it_closes_is_told_on_its_WebSocket()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        host.Find(client).Send("last words");

        host.Find(client).Session.Close(CloseReason.ForcedClose);
        await socket.SendAsync("5");
        host.Engine.Stop();
        var told = host.Engine.Sessions.WhenEndedAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["4last words", "closed 1000"], [await socket.ReadAsync(), await socket.ReadAsync()]);
        await told.Soon();
    }

    [Fact]
    public async Task To_stop_twice_is_to_stop_once()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        host.Engine.Stop();
        host.Engine.Stop();

        Assert.Equal("closed 1001", await client.ReadAsync());
        Assert.Equal(1, host.Single().Ends);
    }

    [Fact]
    public async Task All_of_many_sessions_are_told()
    {
        var host = await StartAsync();
        var polls = new List<Task<string>>();
        var sockets = new List<SocketClient>();
        for (var i = 0; i < 50; i++)
        {
            polls.Add((await host.StartPollAsync(await host.PollAsync())).Task);
            sockets.Add(await host.ConnectAsync());
        }

        var stopping = host.Web.StopAsync();

        Assert.All(await Task.WhenAll(polls), answer => Assert.Equal("1", answer));
        Assert.All(await Task.WhenAll(sockets.Select(socket => socket.ReadAsync())), answer => Assert.Equal("closed 1001", answer));
        await Task.WhenAll(sockets.Select(socket => socket.CloseAsync()));
        await stopping.Soon();
    }
}

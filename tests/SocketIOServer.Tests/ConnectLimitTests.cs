namespace SocketIOServer.Tests;

/// <summary>What a client may not do while it comes in, and what it may not leave behind.</summary>
public sealed class ConnectLimitTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    [Fact]
    public async Task A_client_that_joins_nothing_is_closed_when_its_time_is_over()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        host.Time.Advance(TimeSpan.FromSeconds(10) - Moment);
        Assert.Equal("""44/nope,{"message":"Invalid namespace","data":{"code":"invalid_namespace"}}""", await client.AskAsync("40/nope,"));
        host.Time.Advance(Moment);

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_joined_is_not_closed()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        host.Time.Advance(TimeSpan.FromSeconds(20));

        await client.AssertAliveAsync();
    }

    // ATTACKS A66: on Node it lives for ever.
    [Fact]
    public async Task A_client_that_left_its_last_namespace_has_the_same_time_again()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);
        host.Time.Advance(TimeSpan.FromSeconds(8));

        await client.SendAsync("41");
        await client.AskAsync("40/nope,");
        host.Time.Advance(TimeSpan.FromSeconds(10) - Moment);
        await client.AskAsync("40/nope,");
        host.Time.Advance(Moment);

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_the_server_took_out_has_the_same_time_again()
    {
        await using var stage = await Stage.StartAsync(options: Configure);
        var member = await stage.JoinAsync();

        await member.Socket.DisconnectAsync();
        stage.Host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["41", "closed 1000"], await member.Client.ReadAsync(2));
    }

    [Fact]
    public async Task A_handler_that_does_not_decide_does_not_keep_a_client_for_ever()
    {
        var asked = new Inbox<string>();
        await using var host = await TestHost.StartAsync(
            io => io.OnConnecting((CancellationToken gone) =>
            {
                asked.Add("asked");
                return Task.Delay(Timeout.Infinite, gone);
            }),
            Configure);
        await using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("40");
        await asked.NextAsync();

        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    // A connection that is closed comes back with all its namespaces, and so for ever.
    [Fact]
    public async Task One_namespace_more_than_MaxNamespaces_is_refused_and_the_others_stay()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);
        foreach (var name in (string[])["/", "/a", "/b"]) Wire.IdOf(await client.AskAsync($"40{name},"));

        Assert.Equal("""44/c,{"message":"Too many namespaces on one connection: MaxNamespaces is 3.","data":{"code":"too_many_namespaces"}}""", await client.AskAsync("40/c,"));

        await client.AssertAliveAsync();
        await client.SendAsync("41/a,");
        Wire.IdOf(await client.AskAsync("40/c,"));
    }

    [Fact]
    public async Task Where_one_namespace_is_all_the_first_refusal_of_another_does_not_close_it()
    {
        await using var host = await TestHost.StartAsync(
            io =>
            {
                io.OnPing();
                io.Of("/a");
            },
            options => options.MaxNamespaces = 1);
        await using var client = await SocketClient.JoinAsync(host);

        Assert.StartsWith("44/a,", await client.AskAsync("40/a,"), StringComparison.Ordinal);
        await client.AssertAliveAsync();
        Assert.StartsWith("44/a,", await client.AskAsync("40/a,"), StringComparison.Ordinal);

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_of_revision_3_is_told_in_its_own_words()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host, eio: 3);
        Assert.Equal("40", await client.ReadAsync());
        foreach (var name in (string[])["/a", "/b"]) Assert.Equal($"40{name},", await client.AskAsync($"40{name},"));

        Assert.Equal("44/c,\"Too many namespaces on one connection: MaxNamespaces is 3.\"", await client.AskAsync("40/c,"));

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task Who_goes_on_asking_for_more_is_closed()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);
        foreach (var name in (string[])["/", "/a", "/b"]) Wire.IdOf(await client.AskAsync($"40{name},"));

        for (var i = 0; i < 3; i++) Assert.StartsWith("44/c,", await client.AskAsync("40/c,"), StringComparison.Ordinal);

        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Fact]
    public async Task Namespaces_that_were_left_do_not_count()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < 10; i++)
        {
            Wire.IdOf(await client.AskAsync("40/a,"));
            await client.SendAsync("41/a,");
        }

        await client.AssertAliveAsync();
    }

    // ATTACKS A67: each may have cost a look into a database.
    [Fact]
    public async Task As_many_refusals_as_MaxNamespaces_close_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("40/1,", "40/2,", "40/3,", "40/4,");

        var replies = new List<string>();
        while (await client.ReadAsync() is var reply && reply.StartsWith("44", StringComparison.Ordinal)) replies.Add(reply);
        // Each is told, also the one that was too many.
        Assert.Equal(3, replies.Count);
    }

    // ATTACKS A71.
    [Fact]
    public async Task A_client_that_goes_while_it_is_judged_never_connects_and_is_in_no_room()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io.Of("/slow")
            .OnConnecting(async (ISocket socket, CancellationToken gone) =>
            {
                await socket.JoinAsync("early");
                notes.Add("asked");
                await Task.Delay(Timeout.Infinite, gone).ContinueWith(_ => { }, TaskScheduler.Default);
                await socket.JoinAsync("late");
                notes.Add("decided");
            })
            .OnConnected(() => notes.Add("connected")));
        await using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("40/slow,");
        Assert.Equal("asked", await notes.NextAsync());

        await client.CloseAsync();

        Assert.Equal("decided", await notes.NextAsync());
        Assert.Empty(await host.Io.Of("/slow").RoomsAsync());
        Assert.Equal(0, await host.Io.Of("/slow").CountAsync());
        Assert.True(notes.IsEmpty);
    }

    // It stopped because its client has gone, as it should; a log of errors would be an attacker's to fill (ATTACKS A79).
    [Fact]
    public async Task A_client_that_goes_while_it_is_judged_is_no_error()
    {
        var notes = new Inbox<string>();
        await using var host = await TestHost.StartAsync(io => io.OnConnecting(async (CancellationToken gone) =>
        {
            notes.Add("asked");
            try
            {
                await Task.Delay(Timeout.Infinite, gone);
            }
            finally
            {
                notes.Add("stopped");
            }
        }));
        var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("40");
        await notes.NextAsync();

        await client.CloseAsync();
        Assert.Equal("stopped", await notes.NextAsync());
        await client.DisposeAsync();
        await host.StopAsync();

        Assert.Empty(host.Log.Errors);
    }

    private static void Configure(SocketServerOptions options)
    {
        options.ConnectTimeout = TimeSpan.FromSeconds(10);
        options.MaxNamespaces = 3;
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        io =>
        {
            io.OnPing();
            foreach (var name in (string[])["/a", "/b", "/c"]) io.Of(name);
        },
        Configure);

    // ATTACKS A73: each socket keeps its auth, so the namespaces of a connection have one limit together.
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A73_The_auth_of_all_namespaces_of_a_connection_is_at_most_MaxPayload(int beyond)
    {
        await using var host = await TestHost.StartAsync(io => io.Of("/chat"), options => options.MaxPayload = 3000);
        await using var client = await SocketClient.ConnectAsync(host);
        Wire.IdOf(await client.AskAsync("40" + Auth(1500)));

        var answer = await client.AskAsync("40/chat," + Auth(1500 + beyond));

        if (beyond > 0) Assert.Equal("closed 1000", answer);
        else Wire.IdOf(answer);

        static string Auth(int bytes) => $$"""{"a":"{{new string('x', bytes - 8)}}"}""";
    }
}

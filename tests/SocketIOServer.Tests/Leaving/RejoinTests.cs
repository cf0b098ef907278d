namespace SocketIOServer.Tests.Leaving;

/// <summary>A client that leaves a namespace and joins it again on the same connection: the hooks of the socket before come first (ATTACKS A65).</summary>
public sealed class RejoinTests
{
    private readonly TaskCompletionSource _gate = new();
    private readonly Inbox<string> _notes = new();

    [Fact]
    public async Task The_next_socket_waits_for_the_hooks_of_the_one_that_left()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);
        await client.AskAsync("40/chat,");

        await client.SendAsync("41", "40");
        Assert.Equal("leaving", await _notes.NextAsync());
        // Other namespaces go on meanwhile.
        Assert.Equal("""43/chat,1["pong"]""", await client.AskAsync("""42/chat,1["ping"]"""));
        _gate.SetResult();

        Wire.IdOf(await client.ReadAsync());
        Assert.Equal(["left", "connected"], await _notes.NextAsync(2));
    }

    [Fact]
    public async Task Who_leaves_before_the_next_socket_was_let_in_gets_nothing_for_it()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);

        await client.AskAsync("40/chat,");
        await client.SendAsync("41", "40", "41", "40");
        Assert.Equal("leaving", await _notes.NextAsync());
        // All four are read.
        await client.AskAsync("""42/chat,1["ping"]""");
        _gate.SetResult();

        Wire.IdOf(await client.ReadAsync());
        await client.AssertAliveAsync();
        Assert.Equal(["left", "connected"], await _notes.NextAsync(2));
    }

    [Fact]
    public async Task Leaving_and_joining_in_a_loop_runs_no_hooks_and_closes_the_connection()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);

        for (var i = 0; i < 11; i++) await client.SendAsync("41", "40");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("leaving", await _notes.NextAsync());
        _gate.SetResult();
        Assert.Equal("left", await _notes.NextAsync());
        Assert.True(_notes.IsEmpty);
    }

    [Fact]
    public async Task Namespaces_of_many_names_are_no_way_round_it()
    {
        await using var host = await StartAsync(options => options.MaxNamespaces = 5);
        await using var client = await SocketClient.ConnectAsync(host);

        for (var i = 0; i < 5; i++)
        {
            Assert.StartsWith($"40/any{i},", await client.AskAsync($"40/any{i},"), StringComparison.Ordinal);
            await client.SendAsync($"41/any{i},");
        }

        Assert.Equal("closed 1000", await client.AskAsync("40/any5,"));
        _gate.SetResult();
    }

    [Fact]
    public async Task Hooks_that_do_not_end_close_the_connection_after_ConnectTimeout()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host);
        await client.AskAsync("40/chat,");

        await client.SendAsync("41", "40");
        await client.AskAsync("""42/chat,1["ping"]""");
        host.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("2", await client.ReadAsync());
        await client.SendAsync("3", """42/chat,1["ping"]""");
        await client.ReadAsync();
        host.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("closed 1000", await client.ReadAsync());
        _gate.SetResult();
    }

    private async Task<SocketClient> JoinAsync(TestHost host)
    {
        var client = await SocketClient.JoinAsync(host);
        Assert.Equal("connected", await _notes.NextAsync());
        return client;
    }

    private Task<TestHost> StartAsync(Action<SocketServerOptions>? options = null) => TestHost.StartAsync(
        io =>
        {
            io.OnConnected(() => _notes.Add("connected")).OnPing().OnDisconnected(LeaveAsync);
            io.Of("/chat").OnPing();
            io.OfAny(name => name.StartsWith("/any", StringComparison.Ordinal)).OnDisconnected(LeaveAsync);
        },
        options);

    private async Task LeaveAsync()
    {
        _notes.Add("leaving");
        await _gate.Task;
        _notes.Add("left");
    }
}

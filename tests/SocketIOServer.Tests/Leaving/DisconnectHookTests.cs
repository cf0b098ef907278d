namespace SocketIOServer.Tests.Leaving;

/// <summary>OnDisconnecting and OnDisconnected: once, in this order, with the reference's words, behind all earlier events.</summary>
public sealed class DisconnectHookTests
{
    private readonly Inbox<string> _notes = new();

    [Theory]
    [InlineData("41", "client namespace disconnect")]
    [InlineData("40", "forced close")]
    [InlineData("42{}", "parse error")]
    [InlineData("42/nope,[\"x\"]", "forced close")]
    [InlineData("7", "parse error")]
    public async Task What_a_client_sends_names_the_reason(string packet, string reason)
    {
        await using var stage = await StartAsync();
        var member = await stage.JoinAsync();

        await member.Client.SendAsync(packet);

        Assert.Equal(["disconnecting " + reason, "disconnected " + reason], await _notes.NextAsync(2));
    }

    [Fact]
    public async Task The_server_names_its_own()
    {
        await using var stage = await StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.DisconnectAsync();

        await AssertHooksAsync("server namespace disconnect");
    }

    [Fact]
    public async Task The_end_of_a_WebSocket_is_a_transport_close()
    {
        await using var stage = await StartAsync();
        var one = await stage.JoinAsync();
        var two = await stage.JoinAsync();

        await one.Client.CloseAsync();
        await AssertHooksAsync("transport close");
        two.Client.Raw.Abort();

        await AssertHooksAsync("transport close");
    }

    [Fact]
    public async Task A_close_packet_on_polling_is_a_transport_close()
    {
        await using var stage = await StartAsync();
        var client = await PollingClient.JoinAsync(stage.Host);

        await client.PostAsync("1");

        await AssertHooksAsync("transport close");
    }

    [Fact]
    public async Task A_client_that_answers_no_ping_has_a_ping_timeout()
    {
        await using var stage = await StartAsync();
        var member = await stage.JoinAsync();

        // In two steps: a session that is still busy with what came before has its time once more.
        stage.Host.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("2", await member.ReadAsync());
        stage.Host.Time.Advance(TimeSpan.FromSeconds(20));

        await AssertHooksAsync("ping timeout");
    }

    [Fact]
    public async Task The_shutdown_of_the_server_reaches_every_socket()
    {
        await using var stage = await StartAsync();
        for (var i = 0; i < 5; i++) await stage.JoinAsync();
        await PollingClient.JoinAsync(stage.Host);

        await stage.Host.StopInTimeAsync();

        // All there when the host has stopped, and no more than once.
        var notes = await _notes.NextAsync(12);
        Assert.Equal(6, notes.Count(note => note == "disconnecting server shutting down"));
        Assert.Equal(6, notes.Count(note => note == "disconnected server shutting down"));
        Assert.True(_notes.IsEmpty);
    }

    [Fact]
    public async Task It_comes_once_whatever_follows()
    {
        await using var stage = await StartAsync();
        var member = await stage.JoinAsync();

        await member.Socket.DisconnectAsync();
        await member.Socket.DisconnectAsync(close: true);
        await member.Client.CloseAsync();
        await AssertHooksAsync("server namespace disconnect");
        stage.Host.Time.Advance(TimeSpan.FromMinutes(1));
        await (await stage.JoinAsync()).Socket.DisconnectAsync();

        await AssertHooksAsync("server namespace disconnect");
        Assert.True(_notes.IsEmpty);
    }

    [Fact]
    public async Task Rooms_are_still_known()
    {
        await using var stage = await Stage.StartAsync(io => io
            .OnDisconnecting((ISocket socket) => _notes.Add(string.Join(' ', socket.Rooms.Skip(1))))
            .OnDisconnected((ISocket socket) => _notes.Add(string.Join(' ', socket.Rooms.Skip(1)))));
        var member = await stage.JoinAsync("/", "a", "b");

        await member.Client.SendAsync("41");

        Assert.Equal(["a b", "a b"], await _notes.NextAsync(2));
    }

    [Fact]
    public async Task It_waits_for_the_handlers_of_earlier_events()
    {
        var gate = new TaskCompletionSource();
        await using var stage = await StartAsync(gate.Task);
        var member = await stage.JoinAsync();
        await member.Client.SendAsync("""42["e",1]""", """42["e",2]""");
        Assert.Equal("begin 1", await _notes.NextAsync());

        await member.Client.SendAsync("41");
        await Eventually.TrueAsync(() => !member.Socket.IsConnected, "it has left");
        gate.SetResult();

        Assert.Equal(["end 1", "begin 2", "end 2"], await _notes.NextAsync(3));
        await AssertHooksAsync("client namespace disconnect");
    }

    [Fact]
    public async Task A_handler_that_never_ends_holds_it_back_no_longer_than_CloseTimeout()
    {
        var gate = new TaskCompletionSource();
        await using var stage = await StartAsync(gate.Task);
        var member = await stage.JoinAsync();
        await member.Client.SendAsync("""42["e",1]""");
        Assert.Equal("begin 1", await _notes.NextAsync());

        await member.Socket.DisconnectAsync();
        stage.Host.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        var isEarly = !_notes.IsEmpty;
        stage.Host.Time.Advance(TimeSpan.FromTicks(1));

        Assert.False(isEarly);
        await AssertHooksAsync("server namespace disconnect");
        gate.SetResult();
    }

    [Fact]
    public async Task A_socket_that_was_refused_has_none()
    {
        await using var stage = await Stage.StartAsync(io => Note(io.Of("/closed").OnConnecting(void () => throw new ConnectionRefusedException("no"))));
        var member = await stage.JoinAsync();

        Assert.StartsWith("44/closed,", await member.Client.AskAsync("40/closed,"), StringComparison.Ordinal);
        await member.Client.CloseAsync();
        await stage.Host.StopAsync();

        Assert.True(_notes.IsEmpty);
    }

    [Fact]
    public async Task Its_token_is_cancelled_and_it_is_out_of_everything()
    {
        await using var stage = await StartAsync();
        var member = await stage.JoinAsync("/", "room");
        var token = member.Socket.Disconnected;
        var cancelled = new TaskCompletionSource();
        await using var registration = token.Register(cancelled.SetResult);

        await member.Client.CloseAsync();
        await cancelled.Task.Soon();

        Assert.False(member.Socket.IsConnected);
        Assert.Equal(0, await stage.Io.CountAsync());
        Assert.Empty(await stage.Io.RoomsAsync());
    }

    [Fact]
    public async Task The_token_of_a_socket_that_has_left_is_cancelled_too()
    {
        await using var stage = await StartAsync();
        var member = await stage.JoinAsync();
        await member.Socket.DisconnectAsync();
        var cancelled = new TaskCompletionSource();

        await using var registration = member.Socket.Disconnected.Register(cancelled.SetResult);

        await cancelled.Task.Soon();
    }

    [Fact]
    public async Task It_may_emit_to_those_who_stay()
    {
        await using var stage = await Stage.StartAsync(io => io.OnDisconnecting((ISocket socket) =>
            socket.Everyone.To([.. socket.Rooms]).EmitAsync("status", "left")));
        var leaving = await stage.JoinAsync("/", "room");
        var staying = await stage.JoinAsync("/", "room");

        await leaving.Client.CloseAsync();

        Assert.Equal("""42["status","left"]""", await staying.ReadAsync());
    }

    private Task<Stage> StartAsync(Task? gate = null) => Stage.StartAsync(io =>
    {
        Note(io);
        io.On("e", async (int n) =>
        {
            _notes.Add("begin " + n);
            await (gate ?? Task.CompletedTask);
            _notes.Add("end " + n);
        });
    });

    private void Note(SocketNamespaceBuilder io) => io
        .OnDisconnecting((LeaveReason why) => _notes.Add("disconnecting " + why))
        .OnDisconnected((LeaveReason why) => _notes.Add("disconnected " + why));

    private async Task AssertHooksAsync(string reason) =>
        Assert.Equal(["disconnecting " + reason, "disconnected " + reason], await _notes.NextAsync(2));
}

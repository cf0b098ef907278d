namespace SocketIOServer.Tests.History;

/// <summary>A client that joins a room late gets the latest events of the room.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task A_late_joiner_gets_the_latest_events_of_the_room_in_order_and_then_the_later_ones()
    {
        await using var stage = await HistoryStage.StartAsync();
        for (var i = 1; i <= 5; i++) await stage.Io.To("room").EmitAsync($"e{i}");
        await stage.Io.To("room").EmitAsync("bytes", new byte[] { 1, 2 });
        var (client, socket) = await stage.ConnectAsync();

        Assert.Equal(3, await socket.JoinWithHistoryAsync("room", 3));
        await stage.Io.To("room").EmitAsync("live");

        Assert.Equal("""42["e4"]""", await client.ReadAsync());
        Assert.Equal("""42["e5"]""", await client.ReadAsync());
        Assert.Equal("""451-["bytes",{"_placeholder":true,"num":0}]""", await client.ReadAsync());
        Assert.Equal("b:0102", await client.ReadAsync());
        Assert.Equal("""42["live"]""", await client.ReadAsync());
        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task Only_reliable_events_to_the_room_are_kept()
    {
        await using var stage = await HistoryStage.StartAsync();
        var (_, first) = await stage.ConnectAsync();
        await first.JoinAsync("room");
        await stage.Io.Volatile.To("room").EmitAsync("volatile");
        await stage.Io.EmitAsync("to all");
        await stage.Io.To("other").EmitAsync("to another room");
        await stage.Io.To(first.Id).EmitAsync("to a socket");
        await first.EmitAsync("by a socket to itself");
        var call = stage.Io.To("room").CallArgsAsync<int>("call", [], cancel: TestContext.Current.CancellationToken);
        await stage.Io.Local.To("room").EmitAsync("local");
        var (client, socket) = await stage.ConnectAsync();

        Assert.Equal(1, await socket.JoinWithHistoryAsync("room"));
        Assert.Equal(0, await socket.JoinWithHistoryAsync(first.Id));

        Assert.Equal("local", await HistoryStage.ReadToEndAsync(client, socket));
        stage.Host.Time.Advance(TimeSpan.FromSeconds(30));
        await call.Soon();
    }

    [Fact]
    public async Task An_event_is_left_out_for_those_whom_it_excepts()
    {
        await using var stage = await HistoryStage.StartAsync();
        await stage.Io.To("room").EmitAsync("for all");
        await stage.Io.To("room").Except("muted").EmitAsync("not for the muted");
        var (client, socket) = await stage.ConnectAsync();
        var (mutedClient, muted) = await stage.ConnectAsync();
        await muted.JoinAsync("muted");
        await socket.To("room").EmitAsync("not for its sender");

        Assert.Equal((2, 2), (await socket.JoinWithHistoryAsync("room"), await muted.JoinWithHistoryAsync("room")));

        Assert.Equal("for all not for the muted", await HistoryStage.ReadToEndAsync(client, socket));
        Assert.Equal("for all not for its sender", await HistoryStage.ReadToEndAsync(mutedClient, muted));
    }

    [Fact]
    public async Task An_event_for_several_rooms_comes_once()
    {
        await using var stage = await HistoryStage.StartAsync();
        var (client, socket) = await stage.ConnectAsync();
        await stage.Io.To("a", "b", "b").EmitAsync("before");
        await stage.Io.To("b", socket.Id).EmitAsync("had");
        Assert.Equal(1, await socket.JoinWithHistoryAsync("a"));
        await stage.Io.To("a", "b").EmitAsync("after");

        Assert.Equal(0, await socket.JoinWithHistoryAsync("b"));
        Assert.Equal("had before after", await HistoryStage.ReadToEndAsync(client, socket));

        // One that was in the room without having had the event gets it.
        var (late, lateSocket) = await stage.ConnectAsync();
        await lateSocket.JoinAsync("a");
        await stage.Io.To("a", "b").EmitAsync("last");
        Assert.Equal(3, await lateSocket.JoinWithHistoryAsync("b"));
        Assert.Equal("last before had after", await HistoryStage.ReadToEndAsync(late, lateSocket));
    }

    [Fact]
    public async Task A_socket_that_is_in_the_room_gets_nothing_again_until_it_has_left_the_room()
    {
        await using var stage = await HistoryStage.StartAsync();
        await stage.Io.To("7").EmitAsync("e");
        var (client, socket) = await stage.ConnectAsync();

        Assert.Equal(1, await socket.JoinWithHistoryAsync(7));
        Assert.Equal(0, await socket.JoinWithHistoryAsync(7));
        await socket.LeaveAsync(7);
        Assert.Equal(1, await socket.JoinWithHistoryAsync(7, 5));
        Assert.Equal("e e", await HistoryStage.ReadToEndAsync(client, socket));
        await socket.DisconnectAsync();
        Assert.Equal(0, await socket.JoinWithHistoryAsync("other"));
    }

    [Fact]
    public async Task Events_to_the_whole_namespace_follow_the_connect_packet()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.EventsOnConnect = 2, map: io => io.OnConnecting(async (ISocket socket) => await socket.EmitAsync("held")));
        for (var i = 1; i <= 3; i++) await stage.Io.EmitAsync($"e{i}");
        await stage.Io.To("room").EmitAsync("not to all");

        var (client, socket) = await stage.ConnectAsync();

        Assert.Equal("e2 e3 held", await HistoryStage.ReadToEndAsync(client, socket));
    }

    [Fact]
    public async Task Namespaces_of_OfAny_have_histories_of_their_own()
    {
        await using var host = await TestHost.StartAsync(
            io => io.OfAny(name => name.StartsWith("/game", StringComparison.Ordinal)).KeepHistory().On("join", async (ISocket socket) => await socket.JoinWithHistoryAsync("room")));
        await using var keeper = await SocketClient.JoinAsync(host, "/game-1");
        await host.Io.Of("/game-1").To("room").EmitAsync("one");
        await using var other = await SocketClient.JoinAsync(host, "/game-2");

        await other.SendAsync("""42/game-2,0["join"]""");
        Assert.Equal("43/game-2,0[0]", await other.ReadAsync());
        await keeper.SendAsync("""42/game-1,0["join"]""");
        Assert.Equal("""42/game-1,["one"]""", await keeper.ReadAsync());
        Assert.Equal("43/game-1,0[1]", await keeper.ReadAsync());
    }

    [Fact]
    public async Task Mistakes_of_the_program_are_told()
    {
        var refused = new Inbox<Exception>();
        await using var stage = await HistoryStage.StartAsync(map: io =>
        {
            io.OnConnecting(async (ISocket socket) => refused.Add((await Record.ExceptionAsync(async () => await socket.JoinWithHistoryAsync("room")))!));
            io.Of("/none").On("join", async (ISocket socket) => refused.Add((await Record.ExceptionAsync(async () => await socket.JoinWithHistoryAsync("room")))!));
            Assert.Throws<InvalidOperationException>(() => io.KeepHistory());
            Assert.Throws<ArgumentOutOfRangeException>(() => io.Of("/none").KeepHistory(history => history.Events = 0));
            Assert.Throws<ArgumentOutOfRangeException>(() => io.Of("/none").KeepHistory(history => history.EventsOnConnect = 101));
            Assert.Throws<ArgumentException>(() => io.Of("/none").KeepHistory(history => history.RoomPrefixes.Add("")));
        });
        var (client, socket) = await stage.ConnectAsync();
        Assert.Contains("OnConnected", (await refused.NextAsync()).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("room", socket.Rooms);
        await client.SendAsync("40/none,");
        await client.ReadAsync();
        await client.SendAsync("""42/none,["join"]""");
        Assert.Contains("/none", (await refused.NextAsync()).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await socket.JoinWithHistoryAsync("room", -1));
        await Assert.ThrowsAsync<ArgumentNullException>(async () => await socket.JoinWithHistoryAsync(null!));
    }
}

namespace SocketIOServer.Tests.History;

/// <summary>A client that lost its connection has its history: it gets each event of it once.</summary>
public sealed class HistoryRecoveryTests
{
    [Fact]
    public async Task A_history_that_was_lost_on_the_way_comes_again_from_where_it_broke()
    {
        await using var stage = await HistoryStage.StartAsync(options: options => options.Recovery = new());
        for (var i = 1; i <= 4; i++) await stage.Io.To("room").EmitAsync($"e{i}");
        var (client, socket) = await stage.ConnectRecoveringAsync();
        await socket.JoinWithHistoryAsync("room");
        await stage.Io.To("room").EmitAsync("live");
        Assert.Equal(["""["e1"]""", """["e2"]"""], await client.ReadAsync(2));

        client.Cut();
        await client.ConnectAsync();
        var back = await stage.NextSocketAsync();
        Assert.True(client.Recovered);
        Assert.Equal(0, await back.JoinWithHistoryAsync("room"));

        Assert.Equal(["""["e3"]""", """["e4"]""", """["live"]"""], await client.ReadAsync(3));
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_that_joins_and_leaves_in_a_loop_does_not_push_out_what_another_one_has_missed()
    {
        await using var stage = await HistoryStage.StartAsync(options: options => options.Recovery = new() { MaxBytes = 20_000 });
        for (var i = 0; i < 5; i++) await stage.Io.To("room").EmitAsync("e", i);
        var (away, left) = await stage.ConnectRecoveringAsync();
        var (client, socket) = await stage.ConnectRecoveringAsync();
        away.Cut();
        await Eventually.TrueAsync(() => stage.Io.Of("/").FindSocket(left.Id) is null, "the server has noticed");
        await stage.Io.EmitAsync("missed");
        Assert.Equal("""["missed"]""", await client.ReadAsync());
        string[] expected = [.. Enumerable.Range(0, 5).Select(number => $"""["e",{number}]""")];
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(5, await socket.JoinWithHistoryAsync("room"));
            Assert.Equal(expected, await client.ReadAsync(5));
            await socket.LeaveAsync("room");
        }

        await away.ConnectAsync();
        Assert.True(away.Recovered);
        Assert.Equal("""["missed"]""", await away.ReadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_recovered_itself_once_it_has_a_later_event(bool hasLaterEvent)
    {
        await using var stage = await HistoryStage.StartAsync(options: options => options.Recovery = new() { MaxBytes = 1000 });
        for (var i = 0; i < 5; i++) await stage.Io.To("room").EmitAsync("e", i);
        var (client, socket) = await stage.ConnectRecoveringAsync();
        await socket.JoinWithHistoryAsync("room");
        Assert.Equal(5, (await client.ReadAsync(5)).Length);
        if (hasLaterEvent)
        {
            await stage.Io.To("room").EmitAsync("later");
            Assert.Equal("""["later"]""", await client.ReadAsync());
        }

        client.Cut();
        await client.ConnectAsync();

        Assert.Equal(hasLaterEvent, client.Recovered);
    }

    [Fact]
    public async Task An_event_for_several_rooms_does_not_come_again_by_the_history_of_another_room()
    {
        await using var stage = await HistoryStage.StartAsync(options: options => options.Recovery = new());
        var (client, socket) = await stage.ConnectRecoveringAsync();
        await socket.JoinAsync("a");
        await stage.Io.To("a", "b").EmitAsync("had");
        Assert.Equal("""["had"]""", await client.ReadAsync());
        client.Cut();
        await client.ConnectAsync();
        var back = await stage.NextSocketAsync();
        Assert.True(back.Recovered);

        Assert.Equal(0, await back.JoinWithHistoryAsync("b"));
    }

    [Fact]
    public async Task A_session_that_comes_back_gets_events_to_the_whole_namespace_once_and_a_new_one_the_latest()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.EventsOnConnect = 2, options => options.Recovery = new());
        for (var i = 1; i <= 3; i++) await stage.Io.EmitAsync($"e{i}");
        var (client, _) = await stage.ConnectRecoveringAsync();
        Assert.Equal("""["e2"]""", await client.ReadAsync());
        client.Cut();
        await client.ConnectAsync();
        Assert.True((await stage.NextSocketAsync()).Recovered);
        Assert.Equal("""["e3"]""", await client.ReadAsync());

        client.Cut();
        (client.Pid, client.Offset) = (null, null);
        await client.ConnectAsync();
        Assert.Equal(["""["e2"]""", """["e3"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task A_client_2_x_gets_the_events_without_offsets()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.EventsOnConnect = 1, options => options.Recovery = new());
        await stage.Io.EmitAsync("to all");
        await stage.Io.To("room").EmitAsync("to the room");
        await using var client = await SocketClient.ConnectAsync(stage.Host, eio: 3);
        var socket = await stage.NextSocketAsync();

        await socket.JoinWithHistoryAsync("room");

        Assert.Equal(["40", """42["to all"]""", """42["to the room"]"""], new[] { await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync() });
    }

    [Fact]
    public async Task A_room_that_the_old_socket_of_a_client_joins_ends_with_its_new_one()
    {
        await using var stage = await HistoryStage.StartAsync(options: options => options.Recovery = new(), map: io => io.OnDisconnected(async (ISocket socket) => await socket.JoinAsync("late")));
        var (client, socket) = await stage.ConnectRecoveringAsync();
        client.Cut();
        await client.ConnectAsync();
        var back = await stage.NextSocketAsync();
        await socket.JoinAsync("late");
        Assert.Contains("late", back.Rooms);

        await client.Client.SendAsync("41");
        Assert.StartsWith("40{", await client.Client.AskAsync("40"), StringComparison.Ordinal);

        Assert.DoesNotContain("late", await stage.Io.RoomsAsync(TestContext.Current.CancellationToken));
    }
}

namespace SocketIOServer.Tests.Recovery;

/// <summary>What the program does to the sockets of a room is done to those too whose clients are away.</summary>
public sealed class RecoveryAwayTests
{
    [Fact]
    public async Task A_client_that_is_away_is_put_into_rooms_and_gets_their_events_from_then_on()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync("user");
        await stage.CutAsync(client);

        await stage.Io.To("team").EmitAsync("before");
        await stage.Io.To("user").JoinAsync("team", "other");
        await stage.Io.To("team").EmitAsync("after");
        var back = await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.Equal(["other", "team", "user"], back.Rooms.Where(room => room != socket.Id).Order(StringComparer.Ordinal));
        Assert.Equal("""["after"]""", await client.ReadAsync());
        await stage.Io.To("team").EmitAsync("live");
        Assert.Equal("""["live"]""", await client.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_is_away_is_taken_out_of_rooms_and_gets_their_events_until_then()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync("user", "admins");
        await stage.CutAsync(client);

        await stage.Io.To("admins").EmitAsync("before");
        await stage.Io.To(socket.Id).LeaveAsync("admins");
        await stage.Io.To("admins").EmitAsync("after");
        await stage.Io.Except("admins").EmitAsync("to the others");
        var back = await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.DoesNotContain("admins", back.Rooms);
        Assert.Equal(["""["before"]""", """["to the others"]"""], await client.ReadAsync(2));
    }

    [Fact]
    public async Task A_client_that_is_cut_once_more_still_gets_what_it_missed_by_the_rooms_of_that_moment()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync("a");
        await socket.EmitAsync("first");
        await client.ReadAsync();
        await stage.CutAsync(client);
        await stage.Io.To("a").EmitAsync("in a");
        await stage.Io.To("a").JoinAsync("b");
        await stage.Io.To("b").EmitAsync("in b");
        await stage.Io.To("b").LeaveAsync("a");
        await stage.Io.To("a").EmitAsync("not in a any more");

        for (var i = 0; i < 2; i++)
        {
            // It reads nothing on its first connection.
            await stage.ReturnAsync(client);
            Assert.True(client.Recovered);
            if (i == 0) await stage.CutAsync(client);
        }

        Assert.Equal(["""["in a"]""", """["in b"]"""], await client.ReadAsync(2));
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task A_client_that_is_disconnected_while_it_is_away_begins_a_new_session()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync("user");
        var (other, _) = await stage.JoinAsync("other");
        await stage.CutAsync(client);
        await stage.CutAsync(other);

        await stage.Io.To("user").DisconnectAsync();

        Assert.False((await stage.ReturnAsync(client)).Recovered);
        Assert.True((await stage.ReturnAsync(other)).Recovered);
    }

    [Fact]
    public async Task A_client_that_is_disconnected_while_it_comes_back_begins_a_new_session()
    {
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stage = await RecoveryStage.StartAsync(
            recovery => recovery.RunOnConnecting = true,
            io => io.OnConnecting(async (ISocket socket) =>
            {
                if (!socket.Recovered) return;
                isAsked.SetResult();
                await goesOn.Task;
            }));
        var (client, _) = await stage.JoinAsync("user");
        await stage.CutAsync(client);
        await using var refused = await SocketClient.ConnectAsync(stage.Host);
        await refused.SendAsync($$"""40{"pid":"{{client.Pid}}"}""");
        await isAsked.Task.Soon();

        await stage.Io.To("user").DisconnectAsync();
        Assert.StartsWith("44", await refused.ReadAsync(), StringComparison.Ordinal);
        goesOn.SetResult();

        Assert.False((await stage.ReturnAsync(client)).Recovered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_handler_does_to_its_socket_after_the_connection_broke_holds_for_the_session(bool isBack)
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync("old");
        await stage.CutAsync(client);
        if (isBack) await stage.ReturnAsync(client);

        await socket.JoinAsync("news");
        await socket.LeaveAsync("old");
        await stage.Io.To("news").EmitAsync("in news");
        await stage.Io.To("old").EmitAsync("not in old any more");
        if (!isBack) await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.Equal("""["in news"]""", await client.ReadAsync());
        await client.Client.AssertAliveAsync();
        Assert.Equal(["news", client.Sid], stage.Io.Of("/").FindSocket(client.Sid)!.Rooms.OrderBy(room => room == client.Sid));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_that_disconnects_its_socket_after_the_connection_broke_ends_the_session(bool isBack)
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();
        await stage.CutAsync(client);
        if (isBack) await stage.ReturnAsync(client);

        await socket.DisconnectAsync();

        if (isBack) Assert.Equal("41", await client.Client.ReadAsync());
        Assert.False((await stage.ReturnAsync(client)).Recovered);
    }

    [Fact]
    public async Task Rooms_that_OnConnecting_changes_do_not_change_what_was_missed_before()
    {
        await using var stage = await RecoveryStage.StartAsync(
            recovery => recovery.RunOnConnecting = true,
            io => io.OnConnecting(async (ISocket socket) =>
            {
                if (!socket.Recovered) return;
                await socket.LeaveAsync("old");
                await socket.JoinAsync("new");
            }));
        var (client, _) = await stage.JoinAsync("old");
        await stage.CutAsync(client);
        await stage.Io.To("old").EmitAsync("in old");
        await stage.Io.To("new").EmitAsync("not in new yet");

        // It reads nothing on its first connection.
        await stage.ReturnAsync(client);
        await stage.CutAsync(client);
        await stage.Io.To("new").EmitAsync("in new");
        await stage.ReturnAsync(client);

        Assert.True(client.Recovered);
        Assert.Equal(["""["in old"]""", """["in new"]"""], await client.ReadAsync(2));
    }
}

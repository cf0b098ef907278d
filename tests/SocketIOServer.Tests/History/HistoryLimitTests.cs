namespace SocketIOServer.Tests.History;

/// <summary>What is kept is bounded and ends.</summary>
public sealed class HistoryLimitTests
{
    [Fact]
    public async Task A_loud_room_does_not_push_out_a_quiet_one()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.Events = 10);
        await stage.Io.To("quiet").EmitAsync("quiet");
        for (var i = 0; i < 1000; i++) await stage.Io.To("loud").EmitAsync($"{i}");
        var (client, socket) = await stage.ConnectAsync();

        Assert.Equal((1, 10), (await socket.JoinWithHistoryAsync("quiet"), await socket.JoinWithHistoryAsync("loud")));

        Assert.Equal("quiet 990 991 992 993 994 995 996 997 998 999", await HistoryStage.ReadToEndAsync(client, socket));
    }

    [Fact]
    public async Task After_MaxAge_an_event_is_not_sent_and_a_room_costs_nothing()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.MaxAge = TimeSpan.FromMinutes(1));
        await stage.Io.To("room").EmitAsync("old");
        await stage.Io.To("quiet").EmitAsync("old");
        stage.Host.Time.Advance(TimeSpan.FromSeconds(40));
        await stage.Io.To("room").EmitAsync("new");
        stage.Host.Time.Advance(TimeSpan.FromSeconds(30));
        var (client, socket) = await stage.ConnectAsync();
        Assert.Equal((1, 0), (await socket.JoinWithHistoryAsync("room"), await socket.JoinWithHistoryAsync("quiet")));
        Assert.Equal("new", await HistoryStage.ReadToEndAsync(client, socket));

        for (var i = 0; i < 8; i++) stage.Host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(0, stage.Store.Bytes);
    }

    [Fact]
    public async Task The_bytes_of_a_room_and_of_all_rooms_are_bounded()
    {
        await using var stage = await HistoryStage.StartAsync(history => (history.MaxBytesPerRoom, history.MaxBytes) = (5_000, 20_000));
        for (var i = 0; i < 100; i++) await stage.Io.To("room").EmitAsync("e", new string('x', 1_000));
        Assert.InRange(stage.Store.Bytes, 3_000, 5_500);
        await stage.Io.To("room").EmitAsync("large", new string('x', 10_000));
        Assert.InRange(stage.Store.Bytes, 1, 1_000);

        for (var i = 0; i < 1_000; i++) await stage.Io.To($"room-{i}").EmitAsync("e");

        Assert.InRange(stage.Store.Bytes, 10_000, 20_000);
        var (_, socket) = await stage.ConnectAsync();
        Assert.Equal((0, 1), (await socket.JoinWithHistoryAsync("room-1"), await socket.JoinWithHistoryAsync("room-999")));
    }

    [Fact]
    public async Task Rooms_without_the_prefix_have_no_history()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.RoomPrefixes.Add("chat:"));
        await stage.Io.To("other").EmitAsync("e");
        Assert.Equal(0, stage.Store.Bytes);
        await stage.Io.To("other", "chat:1").EmitAsync("e");
        var (_, socket) = await stage.ConnectAsync();

        Assert.Equal((0, 1), (await socket.JoinWithHistoryAsync("other"), await socket.JoinWithHistoryAsync("chat:1")));
        Assert.Contains("other", socket.Rooms);
    }

    [Fact]
    public async Task A_history_does_not_close_a_client_that_reads_slowly()
    {
        await using var stage = await HistoryStage.StartAsync(history => history.MaxBytesPerRoom = 1 << 20, options => options.MaxQueuedBytes = 20_000);
        for (var i = 0; i < 100; i++) await stage.Io.To("room").EmitAsync($"{i}", new string('x', 1_000));
        var client = await PollingClient.ConnectAsync(stage.Host);
        await client.PostAsync("40");
        var socket = await stage.NextSocketAsync();

        var count = await socket.JoinWithHistoryAsync("room");

        Assert.InRange(count, 5, 9);
        Assert.True(socket.IsConnected);
    }
}

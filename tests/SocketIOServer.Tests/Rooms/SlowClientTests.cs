using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.Sockets;

namespace SocketIOServer.Tests.Rooms;

/// <summary>R-8: a client that does not read is closed; nobody waits for it.</summary>
public sealed class SlowClientTests
{
    private const int Count = 400;
    private static readonly string Text = new('x', 1000);

    [Fact]
    public async Task A_client_that_does_not_poll_is_closed_and_the_others_get_everything()
    {
        var reasons = new Inbox<string>();
        await using var stage = await StartAsync(reasons, maxQueuedBytes: 100_000);
        var slow = await PollingClient.JoinAsync(stage.Host);
        await stage.NextSocketAsync();
        var fast = await stage.JoinAsync();

        await BroadcastAsync(stage, fast, Count);

        Assert.Equal("transport error", await reasons.NextAsync());
        Assert.Equal(1, await stage.Io.CountAsync());
        using var poll = await slow.GetAsync();
        Assert.Equal(400, (int)poll.StatusCode);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_WebSocket_is_closed_and_the_others_get_everything()
    {
        var reasons = new Inbox<string>();
        await using var stage = await StartAsync(reasons, maxQueuedBytes: 100_000);
        await stage.JoinAsync("/", "slow");
        var fast = await stage.JoinAsync();
        var flood = new string('x', 50_000);

        for (var i = 0; i < 2_000 && reasons.IsEmpty; i++) await stage.Io.To("slow").EmitAsync("flood", flood);
        await BroadcastAsync(stage, fast, 10);

        Assert.Equal("transport error", await reasons.NextAsync());
        Assert.Equal(1, await stage.Io.CountAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_WebSocket_is_told_from_a_server_that_does_not_write()
    {
        await using var stage = await Stage.StartAsync(io => io.On("flood", (string text, ISocketServer server) => server.EmitAsync("flood", text)));
        var slow = (Socket)(await stage.JoinAsync()).Socket;
        var fast = await stage.JoinAsync();
        var backpressure = stage.Host.Services.GetRequiredService<SocketServer>().Context.Backpressure;
        var text = new string('x', 40_000);

        // The system takes some megabytes for it.
        for (var i = 0; i < 1_000 && !backpressure.IsKnownSlow(slow.Session.Outbox); i++)
        {
            await fast.Client.SendAsync($"""42["flood","{text}"]""");
            Assert.Equal($"""42["flood","{text}"]""", await fast.ReadAsync());
        }

        Assert.True(backpressure.IsKnownSlow(slow.Session.Outbox));
        Assert.True(slow.IsConnected);
    }

    [Fact]
    public async Task One_message_larger_than_the_limit_goes_out_where_nothing_else_waits()
    {
        await using var stage = await StartAsync(new(), maxQueuedBytes: 1_000);
        var client = await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();
        var text = new string('x', 10_000);

        await socket.EmitAsync("e", text);

        Assert.Equal($"""42["e","{text}"]""", await client.PollAsync());
    }

    [Fact]
    public async Task What_was_polled_does_not_count_any_more()
    {
        await using var stage = await StartAsync(new(), maxQueuedBytes: 3_000);
        var client = await PollingClient.JoinAsync(stage.Host);
        var socket = await stage.NextSocketAsync();

        for (var i = 0; i < 20; i++)
        {
            await socket.EmitAsync("e", Text);
            await socket.EmitAsync("e", Text);
            Assert.Equal(2, (await client.PollAsync()).Split('\u001e').Length);
        }

        Assert.True(socket.IsConnected);
    }

    private static Task<Stage> StartAsync(Inbox<string> reasons, int maxQueuedBytes) => Stage.StartAsync(
        io => io.OnDisconnected((LeaveReason why) => reasons.Add(why.Text)),
        options => options.MaxQueuedBytes = maxQueuedBytes);

    private static async Task BroadcastAsync(Stage stage, Stage.Member fast, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await stage.Io.EmitAsync("news", i, Text);
            Assert.Equal($"""42["news",{i},"{Text}"]""", await fast.ReadAsync());
        }
    }
}

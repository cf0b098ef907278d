using System.Net.WebSockets;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Whatever becomes of a probe, the session goes on polling.</summary>
public sealed class FailedUpgradeTests : EngineTests
{
    [Theory]
    [InlineData("2")]
    [InlineData("2prob")]
    [InlineData("3probe")]
    [InlineData("5x")]
    [InlineData("1")]
    [InlineData("4hi")]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("2probe2probe2probe2probe2probe2probe2probe2probe2probe2probe2probe2probe")]
    public async Task A_wrong_first_packet_closes_the_WebSocket_only(string frame)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);

        await socket.SendAsync(frame);

        Assert.Equal("closed 1000", await socket.ReadAsync());
        await PollingWorksAsync(host, client);
    }

    [Theory]
    [InlineData("2probe")]
    [InlineData("4hi")]
    [InlineData("1")]
    [InlineData("5x")]
    [InlineData("")]
    public async Task A_wrong_second_packet_closes_the_WebSocket_only(string frame)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        await socket.ReadAsync();

        await socket.SendAsync(frame);

        Assert.Equal("closed 1000", await socket.ReadAsync());
        await PollingWorksAsync(host, client);
    }

    [Fact]
    public async Task A_binary_probe_closes_the_WebSocket_only()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);

        await socket.SendAsync("2probe"u8.ToArray());

        Assert.Equal("closed 1000", await socket.ReadAsync());
        await PollingWorksAsync(host, client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_probe_that_takes_too_long_is_ended(bool isAnswered)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await BeginAsync(socket, isAnswered);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "heartbeat and probe");

        host.Time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal(WebSocketState.Open, socket.Raw.State);
        host.Time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Equal("closed 1000", await socket.ReadAsync());
        await PollingWorksAsync(host, client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_probe_whose_client_vanishes_leaves_polling_as_it_was(bool isAnswered)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var socket = await host.ProbeAsync(client);
        await BeginAsync(socket, isAnswered);

        socket.Raw.Abort();

        await PollingWorksAsync(host, client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_probe_that_the_client_closes_leaves_polling_as_it_was(bool isAnswered)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await BeginAsync(socket, isAnswered);

        await socket.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.Raw.CloseStatus);
        await PollingWorksAsync(host, client);
    }

    [Fact]
    public async Task A_failed_probe_loses_no_message_and_another_may_follow()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var socket = await host.ProbeAsync(client);
        await BeginAsync(socket, isAnswered: true);
        host.Find(client).Send("one");
        socket.Raw.Abort();
        await Eventually.TrueAsync(() => host.Find(client).Session.Upgrade == UpgradeState.None, "the probe has ended");
        host.Find(client).Send("two");

        await using var again = await host.ProbeAsync(client);
        await BeginAsync(again, isAnswered: true);
        await again.SendAsync("5");

        Assert.Equal("4one", await again.ReadAsync());
        Assert.Equal("4two", await again.ReadAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_ends_takes_its_probe_with_it(bool isAnswered)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await BeginAsync(socket, isAnswered);

        Assert.Equal((200, "ok"), await client.PostAsync("1"));

        Assert.Equal("closed 1000", await socket.ReadAsync());
        Assert.Equal("6", await client.PollAsync());
    }

    [Fact]
    public async Task An_upgraded_WebSocket_that_vanishes_at_once_ends_the_session()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var socket = await host.ProbeAsync(client);
        await BeginAsync(socket, isAnswered: true);

        await socket.SendAsync("5");
        socket.Raw.Abort();

        Assert.Equal("transport close", (await host.Find(client).Closed).ToString());
    }

    [Fact]
    public async Task Where_upgrades_are_off_the_WebSocket_is_refused()
    {
        var host = await StartAsync(options => options.AllowUpgrades = false);
        var client = await host.PollAsync();

        await Assert.ThrowsAsync<WebSocketException>(() => host.ProbeAsync(client));

        await PollingWorksAsync(host, client);
    }

    private static async Task BeginAsync(SocketClient socket, bool isAnswered)
    {
        if (!isAnswered) return;
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
    }

    private static async Task PollingWorksAsync(EngineHost host, PollingClient client)
    {
        await Eventually.TrueAsync(() => host.Find(client).Session.Upgrade == UpgradeState.None, "the probe has ended");
        var poll = await host.StartPollAsync(client);
        Assert.Equal((200, "ok"), await client.PostAsync("4still here"));
        Assert.Equal("4still here", await poll.Task);
    }
}

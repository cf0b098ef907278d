namespace SocketIOServer.EngineIO.Tests;

public sealed class UpgradeTests : EngineTests
{
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";

    [Theory]
    [InlineData(3, "1:6")]
    [InlineData(4, "6")]
    public async Task The_pending_poll_ends_with_a_noop_and_the_WebSocket_takes_over(int eio, string noop)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);
        var poll = await host.StartPollAsync(client);
        await using var socket = await host.ProbeAsync(client, eio);

        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        Assert.Equal(noop, await poll.Task);
        await socket.SendAsync("5");
        await socket.SendAsync("4hi");

        Assert.Equal("4hi", await socket.ReadAsync());
    }

    [Fact]
    public async Task Polling_after_the_upgrade_is_refused_and_changes_nothing()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await UpgradeAsync(host, client);
        await EchoAsync(socket, "before");

        Assert.Equal((400, BadRequest), await client.PostAsync("4hi"));
        Assert.Equal(BadRequest, await client.PollAsync());

        await EchoAsync(socket, "after");
    }

    [Fact]
    public async Task Until_the_upgrade_polling_works_in_both_directions()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);

        Assert.Equal((200, "ok"), await client.PostAsync("4one"));
        Assert.Equal("4one", await client.PollAsync());
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        Assert.Equal((200, "ok"), await client.PostAsync("4two"));
        Assert.Equal("4two", await client.PollAsync());
        await socket.SendAsync("5");

        await EchoAsync(socket, "three");
    }

    [Fact]
    public async Task What_is_queued_when_the_upgrade_comes_goes_out_on_the_WebSocket_in_order()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        host.Find(client).Send("one");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        host.Find(client).Send("two");

        await socket.SendAsync("5");
        await socket.SendAsync("4three");

        Assert.Equal("4one", await socket.ReadAsync());
        Assert.Equal("4two", await socket.ReadAsync());
        Assert.Equal("4three", await socket.ReadAsync());
    }

    [Fact]
    public async Task What_stands_right_behind_the_upgrade_packet_is_read()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);

        await Task.WhenAll(socket.SendAsync("2probe"), socket.SendAsync("5"), socket.SendAsync("4one"), socket.SendAsync("4two"));

        Assert.Equal("3probe", await socket.ReadAsync());
        Assert.Equal("4one", await socket.ReadAsync());
        Assert.Equal("4two", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_poll_that_comes_between_probe_and_upgrade_ends_after_100_ms()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        await socket.ReadAsync();

        await Eventually.TrueAsync(() => host.Find(client).Session.Upgrade == UpgradeState.Answered, "the probe was answered");
        var poll = await host.StartPollAsync(client);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 3, "it waits: heartbeat, probe, poll");
        host.Time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(poll.Task.IsCompleted);
        host.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal("6", await poll.Task);
    }

    [Fact]
    public async Task A_second_WebSocket_during_the_probe_is_closed_and_the_first_goes_on()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var first = await host.ProbeAsync(client);
        await first.SendAsync("2probe");
        await first.ReadAsync();

        await using var second = await host.ProbeAsync(client);

        Assert.Equal("closed 1000", await second.ReadAsync());
        await first.SendAsync("5");
        await EchoAsync(first, "hi");
    }

    [Fact]
    public async Task A_second_WebSocket_after_the_upgrade_is_closed_and_the_first_goes_on()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var first = await UpgradeAsync(host, client);
        await EchoAsync(first, "one");

        await using var second = await host.ProbeAsync(client);

        Assert.Equal("closed 1000", await second.ReadAsync());
        await EchoAsync(first, "two");
    }

    // The id of an old client's socket is its session id: who sees it in a chat must not be able to take the session over.
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_second_WebSocket_on_a_session_that_began_as_one_is_closed_and_the_first_goes_on(int eio)
    {
        var host = await StartAsync();
        await using var first = await host.ConnectAsync(eio);
        await EchoAsync(first, "one");

        await using var second = await host.OpenAsync(eio, $"&sid={host.Single().Session.Id}");
        await second.SendAsync("2probe");

        Assert.Equal("closed 1000", await second.ReadAsync());
        await EchoAsync(first, "two");
    }

    [Fact]
    public async Task An_upgraded_session_ends_as_any_WebSocket_does()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var socket = await UpgradeAsync(host, client);
        await EchoAsync(socket, "hi");

        await socket.CloseAsync();

        Assert.Equal("transport close", (await host.Find(client).Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
        Assert.Equal(0, host.Time.ArmedTimers);
    }

    private static async Task<SocketClient> UpgradeAsync(EngineHost host, PollingClient client)
    {
        var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");
        return socket;
    }
}

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Revision 3: the client pings, and may be silent for 45 seconds.</summary>
public sealed class ClientPingTests : HeartbeatTests
{
    [Theory]
    [InlineData("2")]
    [InlineData("2probe")]
    public async Task A_ping_is_answered_without_its_data(string ping)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);

        await client.SendAsync(ping);

        Assert.Equal("3", await client.ReadAsync());
    }

    [Fact]
    public async Task A_ping_by_post_is_answered_in_the_pending_poll()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);
        var poll = await host.StartPollAsync(client);

        Assert.Equal((200, "ok"), await client.PostAsync("1:2"));

        Assert.Equal("1:3", await poll.Task);
    }

    [Fact]
    public async Task Silence_ends_the_session_exactly_after_interval_and_timeout()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);

        Advance(host, 44.999);
        Assert.True(host.Single().Session.IsOpen);
        Advance(host, 0.001);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
        Assert.Equal("closed 1000", await client.ReadAsync());
    }

    [Theory]
    [InlineData("2", "3")]
    [InlineData("4hi", "4hi")]
    public async Task Any_packet_is_a_sign_of_life(string packet, string answer)
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);

        for (var i = 0; i < 5; i++)
        {
            Advance(host, 40);
            await client.SendAsync(packet);
            Assert.Equal(answer, await client.ReadAsync());
        }

        Advance(host, 44.999);
        Assert.True(host.Single().Session.IsOpen);
        Advance(host, 0.001);
        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task The_server_never_pings()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);

        Advance(host, 40);
        host.Single().Send("first");

        Assert.Equal("4first", await client.ReadAsync());
    }

    [Fact]
    public async Task A_pong_of_the_client_closes_the_session()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync(3);

        await client.SendAsync("3");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Equal("parse error", (await host.Single().Closed).Text);
    }

    [Fact]
    public async Task A_session_that_is_busy_in_a_handler_is_not_declared_dead()
    {
        var gate = new TaskCompletionSource();
        var host = Keep(await EngineHost.StartAsync(onMessage: (_, _) => new(gate.Task)));
        await using var client = await host.ConnectAsync(3);
        await client.SendAsync("4slow");
        await Eventually.TrueAsync(() => host.Single().Session.Inbox.IsBusy, "the handler runs");

        Advance(host, 300);
        Assert.True(host.Single().Session.IsOpen);
        gate.SetResult();
        await Eventually.TrueAsync(() => !host.Single().Session.Inbox.IsBusy, "the handler has ended");
        Advance(host, 45);

        Assert.Equal("ping timeout", (await host.Single().Closed).Text);
    }
}

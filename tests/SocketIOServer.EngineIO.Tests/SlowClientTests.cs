namespace SocketIOServer.EngineIO.Tests;

/// <summary>A client that does not read costs a bounded amount, and nobody else notices.</summary>
public sealed class SlowClientTests : EngineTests
{
    // More than the buffers of both ends of a loopback connection hold.
    private const int TooMuch = 32 << 20;

    [Fact]
    public async Task A_WebSocket_that_takes_nothing_is_cut_off_after_SendTimeout()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();

        host.Single().Send(new byte[TooMuch]);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the send waits");
        host.Time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.True(host.Single().Session.IsOpen);
        host.Time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Equal("transport close", (await host.Single().Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    // ATTACKS A30: a session that lives on must not have lost a message.
    [Fact]
    public async Task A_poll_whose_answer_is_not_taken_is_cut_off_after_SendTimeout()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        host.Find(client).Send(new byte[TooMuch]);
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);

        await raw.SendAsync($"GET {client.Url} HTTP/1.1\r\nHost: x\r\n\r\n");
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the answer waits");
        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("transport error", (await host.Find(client).Closed).Text);
    }

    [Fact]
    public async Task A_WebSocket_with_too_much_queued_is_closed_and_others_go_on()
    {
        var host = await StartAsync();
        await using var slow = await host.ConnectAsync();
        var behind = host.Single();
        await using var other = await host.ConnectAsync();

        behind.Send(new byte[TooMuch]);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 3, "the send waits");
        // What is being written waits no more; behind it there is room for MaxQueuedBytes.
        Assert.True(behind.Send(new byte[600_000]));
        Assert.False(behind.Send(new byte[600_000]));

        Assert.Equal("transport error (slow client: more than MaxQueuedBytes were waiting)", (await behind.Closed).ToString());
        await other.SendAsync("4hi");
        Assert.Equal("4hi", await other.ReadAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_poll_is_closed_at_the_limit_and_not_before()
    {
        var host = await StartAsync(options => options.MaxQueuedBytes = 10_000);
        var client = await host.PollAsync();
        var session = host.Find(client);

        var sent = 0;
        while (session.Send(new byte[936])) sent++;

        // A thousand bytes each, the cost of keeping it included.
        Assert.Equal(10, sent);
        Assert.Equal("transport error", (await session.Closed).Text);
        Assert.False(session.Send("more"));
    }

    [Fact]
    public async Task What_was_written_no_longer_counts()
    {
        var host = await StartAsync(options => options.MaxQueuedBytes = 10_000);
        var client = await host.PollAsync();

        for (var i = 0; i < 30; i++)
        {
            Assert.True(host.Find(client).Send(new string('x', 9_000)));
            Assert.Equal(9_001, (await client.PollAsync()).Length);
        }
    }

    [Fact]
    public async Task One_message_above_the_limit_goes_out_alone()
    {
        var host = await StartAsync(options => options.MaxQueuedBytes = 10_000);
        await using var client = await host.ConnectAsync();

        Assert.True(host.Single().Send(new string('x', 20_000)));

        Assert.Equal(20_001, (await client.ReadAsync()).Length);
    }

    [Fact]
    public async Task One_message_above_the_limit_may_wait_behind_others_and_no_second_one()
    {
        var host = await StartAsync(options => options.MaxQueuedBytes = 10_000);
        var client = await host.PollAsync();
        var session = host.Find(client);

        Assert.True(session.Send("small"));
        Assert.True(session.Send(new string('x', 20_000)));
        Assert.Equal(20_001, (await client.PollAsync()).Split('\u001e')[1].Length);
        Assert.True(session.Send(new string('x', 20_000)));
        Assert.False(session.Send(new string('x', 20_000)));

        Assert.Equal("transport error", (await session.Closed).Text);
    }

    [Fact]
    public async Task A_volatile_message_is_dropped_while_the_WebSocket_is_behind()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        await Eventually.TrueAsync(() => host.Single().SendVolatile("taken"), "the transport waits");

        host.Single().Send(new byte[TooMuch]);
        await Eventually.TrueAsync(() => host.Time.ArmedTimers == 2, "the send waits");

        Assert.False(host.Single().SendVolatile("dropped"));
        Assert.True(host.Single().Session.IsOpen);
        Assert.Equal("4taken", await client.ReadAsync());
    }
}

using System.Net;

namespace SocketIOServer.EngineIO.Tests;

public sealed class PollingCloseTests : EngineTests
{
    private const string UnknownSession = """{"code":1,"message":"Session ID unknown"}""";

    [Theory]
    [InlineData(4, "1", "6")]
    [InlineData(3, "1:1", "1:6")]
    public async Task A_close_packet_ends_the_pending_poll_with_a_noop(int eio, string close, string noop)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);
        var poll = await host.StartPollAsync(client);

        Assert.Equal((200, "ok"), await client.PostAsync(close));

        Assert.Equal(noop, await poll.Task);
        Assert.Equal((400, UnknownSession), await client.PostAsync(close));
        Assert.Equal("transport close", (await host.Find(client).Closed).Text);
    }

    [Fact]
    public async Task A_poll_that_was_overtaken_by_the_close_packet_finds_the_farewell_once()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("1"));

        Assert.Equal("6", await client.PollAsync());
        Assert.Equal(UnknownSession, await client.PollAsync());
        Assert.Equal(0, host.Time.ArmedTimers);
    }

    [Fact]
    public async Task A_farewell_that_nobody_polls_is_forgotten_after_CloseTimeout()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await client.PostAsync("1");

        host.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(1, host.Engine.Sessions.Count);
        host.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(0, host.Engine.Sessions.Count);
        Assert.Equal(UnknownSession, await client.PollAsync());
    }

    [Fact]
    public async Task Packets_behind_a_close_packet_are_not_read()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("4one\u001e1\u001e4two\u001enonsense"));

        Assert.Equal(["one"], host.Find(client).Received);
    }

    [Theory]
    [InlineData(4, "1")]
    [InlineData(3, "1:1")]
    public async Task The_servers_close_ends_the_pending_poll_with_a_close_packet(int eio, string close)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);
        var poll = await host.StartPollAsync(client);

        host.Find(client).Session.Close(CloseReason.ForcedClose);

        Assert.Equal(close, await poll.Task);
        Assert.Equal(UnknownSession, await client.PollAsync());
    }

    [Fact]
    public async Task What_was_queued_before_the_servers_close_still_goes_out_and_the_close_packet_comes_alone()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        host.Find(client).Send("last words");

        host.Find(client).Session.Close(CloseReason.ForcedClose);

        Assert.False(host.Find(client).Send("too late"));
        Assert.Equal((200, "ok"), await client.PostAsync("4nobody hears it"));
        Assert.Equal("4last words", await client.PollAsync());
        Assert.Equal("1", await client.PollAsync());
        Assert.Equal(UnknownSession, await client.PollAsync());
        Assert.Empty(host.Find(client).Received);
    }

    [Fact]
    public async Task A_second_poll_closes_the_session()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var first = await host.StartPollAsync(client);

        using var second = await client.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.BadRequest, 0), (second.StatusCode, second.Content.Headers.ContentLength));
        Assert.Equal("1", await first.Task);
        Assert.Equal("transport error", (await host.Find(client).Closed).Text);
        Assert.Equal(UnknownSession, await client.PollAsync());
    }

    [Fact]
    public async Task A_second_post_closes_the_session()
    {
        var gate = new TaskCompletionSource();
        var host = Keep(await EngineHost.StartAsync(onMessage: (_, _) => new(gate.Task)));
        var client = await host.PollAsync();
        var first = client.PostAsync("4slow\u001e4never read");
        await Eventually.TrueAsync(() => host.Find(client).Received.Count == 1, "the first has arrived");

        Assert.Equal((400, ""), await client.PostAsync("4second"));
        gate.SetResult();

        Assert.Equal((200, "ok"), await first);
        Assert.Equal(["slow"], host.Find(client).Received);
        Assert.Equal("transport error", (await host.Find(client).Closed).Text);
    }

    [Fact]
    public async Task Of_many_polls_at_once_every_one_gets_an_answer_and_the_session_ends()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => host.AskAsync(client.Url)));

        Assert.Single(answers, answer => answer is { Status: 200, Body: "1" });
        Assert.Equal(29, answers.Count(answer => answer.Status == 400));
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task A_poll_that_the_client_gives_up_closes_the_session()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        using var giveUp = new CancellationTokenSource();
        var poll = client.GetAsync(giveUp.Token);
        await Eventually.TrueAsync(() => host.Find(client).Session.Outbox.Lease.CurrentCount == 0, "the poll has arrived");

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll);
        Assert.Equal("transport error", (await host.Find(client).Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }
}

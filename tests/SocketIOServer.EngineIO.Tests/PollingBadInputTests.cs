namespace SocketIOServer.EngineIO.Tests;

public sealed class PollingBadInputTests : EngineTests
{
    [Theory]
    [InlineData("", "1")]
    [InlineData("7", "1")]
    [InlineData("8hi", "1")]
    [InlineData("x", "1")]
    [InlineData(" 4hi", "1")]
    [InlineData("\u001e", "1")]
    [InlineData("\u001e4hi", "1")]
    [InlineData("4hi\u001e", "1")]
    [InlineData("4hi\u001e\u001e4hi", "4hi")]
    [InlineData("b####", "1")]
    [InlineData("bAQIDB", "1")]
    [InlineData("bAQ I", "1")]
    [InlineData("b====", "1")]
    [InlineData("abc", "1")]
    [InlineData("٤hi", "1")]
    public async Task A_broken_payload_of_revision_4_gets_400_and_closes_the_session(string body, string polled)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        Assert.Equal((400, ""), await client.PostAsync(body));

        // What was answered to the packets before the broken one still goes out.
        Assert.Equal(polled, await poll.Task);
        Assert.Equal("parse error", (await host.Find(client).Closed).Text);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("4hi")]
    [InlineData(":4hi")]
    [InlineData("0:")]
    [InlineData("-1:4")]
    [InlineData("+3:4hi")]
    [InlineData("1e1:4hi")]
    [InlineData("0x3:4hi")]
    [InlineData("٣:4hi")]
    [InlineData("4:4hi")]
    [InlineData("2:4😀")]
    [InlineData("2:4hi")]
    [InlineData("3:4hi3")]
    [InlineData("99999999999:4hi")]
    [InlineData("2:b4x")]
    [InlineData("5:b5AQ=")]
    [InlineData("1:7")]
    [InlineData("1:3")]
    public async Task A_broken_payload_of_revision_3_gets_400_and_closes_the_session(string body)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        Assert.Equal((400, ""), await client.PostAsync(body));

        Assert.Equal("parse error", (await host.Find(client).Closed).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0003")]
    [InlineData("00ff34")]
    [InlineData("0000ff")]
    [InlineData("0003ff3468")]
    [InlineData("0203ff346869")]
    [InlineData("000aff346869")]
    [InlineData("00c8ff346869")]
    [InlineData("0002ff34ff")]
    [InlineData("0102ff0501")]
    [InlineData("0009090909090909090909ff34")]
    public async Task A_broken_binary_payload_of_revision_3_gets_400_and_closes_the_session(string hex)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(3);

        Assert.Equal((400, ""), await client.PostAsync(Convert.FromHexString(hex), "application/octet-stream"));

        Assert.Equal("parse error", (await host.Find(client).Closed).Text);
    }

    [Theory]
    [InlineData("34ff")]
    [InlineData("34c0af")]
    [InlineData("34eda080")]
    [InlineData("fffe34006800")]
    [InlineData("34f09f98")]
    public async Task Invalid_UTF8_gets_400_and_closes_the_session(string hex)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((400, ""), await client.PostAsync(Convert.FromHexString(hex), "text/plain;charset=UTF-8"));

        Assert.Equal("parse error", (await host.Find(client).Closed).Text);
    }

    // CVE-2026-59725: such a request never got an answer from the reference.
    // A namespace in Latin-1. The reference puts U+FFFD into what it cannot read, and answers about a name that the client never said.
    [Theory]
    [InlineData(3, "363a34302f636166e9")]
    [InlineData(4, "34302f636166e92c")]
    public async Task A_name_that_is_not_UTF8_ends_the_session(int eio, string hex)
    {
        var host = await StartAsync();
        var client = await host.PollAsync(eio);

        Assert.Equal((400, ""), await client.PostAsync(Convert.FromHexString(hex), "text/plain;charset=UTF-8"));

        Assert.Equal("parse error", (await host.Find(client).Closed).Text);
        Assert.Empty(host.Find(client).Received);
    }

    [Fact]
    public async Task A_binary_body_in_revision_4_gets_400_and_closes_the_session()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        Assert.Equal((400, ""), await client.PostAsync([1, 2, 3], "application/octet-stream"));

        Assert.Equal("1", await poll.Task);
        Assert.Equal("parse error", (await host.Find(client).Closed).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_gets_413_and_closes_the_session(bool isChunked)
    {
        var host = await StartAsync(options => options.MaxPayload = 10_000);
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        var answer = await host.AskAsync(client.Url, "POST", request =>
        {
            request.Headers.TransferEncodingChunked = isChunked;
            request.Content = new StringContent("4" + new string('x', 10_000));
        });

        Assert.Equal((413, "", "close"), (answer.Status, answer.Body, answer["Connection"]));
        Assert.Equal("1", await poll.Task);
        Assert.Equal("transport error (a message was larger than MaxPayload)", (await host.Find(client).Closed).ToString());
    }

    [Fact]
    public async Task MaxPayload_may_be_more_than_the_web_server_takes_elsewhere()
    {
        var host = await StartAsync(options => options.MaxPayload = 40_000_000);
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("4" + new string('x', 31_000_000)));

        Assert.Equal(31_000_001, (await client.PollAsync()).Length);
    }

    [Fact]
    public async Task A_body_that_is_announced_too_large_is_refused_before_it_comes()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);

        await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task A_session_that_ends_does_not_wait_for_a_body_that_drips()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4h");
        await Eventually.TrueAsync(() => host.Find(client).Session.Inbox.Lease.CurrentCount == 0, "the post has arrived");

        host.Time.Advance(TimeSpan.FromSeconds(45));

        Assert.Equal("", await raw.ReadToEndAsync());
        Assert.Equal("ping timeout", (await host.Find(client).Closed).Text);
    }

    [Fact]
    public async Task A_post_that_the_client_gives_up_closes_the_session()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var raw = await RawConnection.OpenAsync(host.Web.Address);
        await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4h");
        await Eventually.TrueAsync(() => host.Find(client).Session.Inbox.Lease.CurrentCount == 0, "the post has arrived");

        await raw.DisposeAsync();

        Assert.Equal("transport error", (await host.Find(client).Closed).Text);
        Assert.Empty(host.Find(client).Received);
    }
}

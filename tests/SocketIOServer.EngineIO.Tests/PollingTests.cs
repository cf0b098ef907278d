namespace SocketIOServer.EngineIO.Tests;

public sealed class PollingTests : EngineTests
{
    [Fact]
    public async Task A_message_comes_back_in_the_next_poll()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("4hällo €😀"));

        Assert.Equal("4hällo €😀", await client.PollAsync());
    }

    [Fact]
    public async Task Binary_travels_as_base64_in_both_directions()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("bAQIDBA=="));

        Assert.Equal("bAQIDBA==", await client.PollAsync());
        Assert.Equal(["b:01020304"], host.Find(client).Received);
    }

    [Fact]
    public async Task A_batch_is_read_and_written_in_order()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("4one\u001ebAQ==\u001e4\u001e4two"));

        Assert.Equal("4one\u001ebAQ==\u001e4\u001e4two", await client.PollAsync());
    }

    [Fact]
    public async Task A_poll_waits_until_there_is_something()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        Assert.False(poll.Task.IsCompleted);
        host.Find(client).Send("late");

        Assert.Equal("4late", await poll.Task);
    }

    [Fact]
    public async Task The_answers_carry_their_types_and_no_cache_keeps_them()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        var post = await host.AskAsync(client.Url, "POST", request => request.Content = new StringContent("4hi"));
        var poll = await host.AskAsync(client.Url);

        Assert.Equal(("ok", "text/html", "2", "no-store"), (post.Body, post["Content-Type"], post["Content-Length"], post["Cache-Control"]));
        Assert.Equal(("4hi", "text/plain; charset=UTF-8", "3", "no-store"), (poll.Body, poll["Content-Type"], poll["Content-Length"], poll["Cache-Control"]));
        Assert.Null(poll["Access-Control-Allow-Origin"]);
    }

    [Theory]
    [InlineData("text/plain;charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json")]
    public async Task The_content_type_does_not_change_how_text_is_read(string contentType)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("4ä"u8.ToArray(), contentType));

        Assert.Equal("4ä", await client.PollAsync());
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Other_methods_are_refused_and_take_no_packet(string method)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        host.Find(client).Send("kept");

        var answer = await host.AskAsync(client.Url, method);

        Assert.Equal((405, "", "GET, POST"), (answer.Status, answer.Body, answer["Allow"]));
        Assert.Equal("4kept", await client.PollAsync());
    }

    [Fact]
    public async Task A_compressed_body_is_refused_unread_and_the_session_lives()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        var answer = await host.AskAsync(client.Url, "POST", request =>
        {
            request.Content = new ByteArrayContent([0x1f, 0x8b, 8, 0]);
            request.Content.Headers.ContentEncoding.Add("gzip");
        });

        Assert.Equal((415, ""), (answer.Status, answer.Body));
        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));
        Assert.Equal("4hi", await client.PollAsync());
    }

    [Fact]
    public async Task A_body_as_large_as_allowed_passes()
    {
        var host = await StartAsync(options => options.MaxPayload = 10_000);
        var client = await host.PollAsync();
        var text = "4" + new string('x', 9_999);

        Assert.Equal((200, "ok"), await client.PostAsync(text));

        Assert.Equal(text, await client.PollAsync());
    }

    [Fact]
    public async Task Packets_that_only_a_server_sends_and_noops_are_ignored()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await client.PostAsync("0{}\u001e3\u001e5\u001e6\u001e4hi"));

        Assert.Equal("4hi", await client.PollAsync());
    }

    [Fact]
    public async Task The_answer_to_a_post_comes_after_its_packets_were_handled()
    {
        var gate = new TaskCompletionSource();
        var host = Keep(await EngineHost.StartAsync(onMessage: (_, _) => new(gate.Task)));
        var client = await host.PollAsync();

        var post = client.PostAsync("4hi");
        await Eventually.TrueAsync(() => host.Find(client).Received.Count == 1, "the message has arrived");
        Assert.False(post.IsCompleted);
        gate.SetResult();

        Assert.Equal((200, "ok"), await post);
    }

    [Fact]
    public async Task A_volatile_message_is_dropped_unless_a_poll_waits()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        Assert.False(host.Find(client).SendVolatile("dropped"));
        var poll = await host.StartPollAsync(client);

        await Eventually.TrueAsync(() => host.Find(client).SendVolatile("taken"), "the poll waits");

        Assert.Equal("4taken", await poll.Task);
    }
}

using System.Text;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>Polls and POSTs of a session that is on another server.</summary>
public sealed class PollingForwardTests
{
    private const string Unknown = """{"code":1,"message":"Session ID unknown"}""";

    [Fact]
    public async Task A_session_id_begins_with_the_id_of_its_server()
    {
        await using var servers = await ForwardingServers.StartAsync();

        var client = await PollingClient.ConnectAsync(servers[0]);

        Assert.Equal(24, client.Sid.Length);
        Assert.StartsWith(servers.Node(0).Id, client.Sid, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Polls_and_posts_reach_the_session_through_another_server()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.ConnectAsync(servers[0]);

        Assert.Equal((200, "ok"), await client.PostAtAsync(servers[1], "40"));
        Assert.StartsWith("40{", (await client.PollAtAsync(servers[1])).Body, StringComparison.Ordinal);
        Assert.Equal((200, "ok"), await client.PostAtAsync(servers[1], """420["echo","für 大小"]"""));
        Assert.Equal((200, """430["für 大小"]"""), await client.PollAtAsync(servers[0]));
        Assert.Equal((1, 2, 0), (servers.Node(1).Forwarded(ForwardKind.Poll), servers.Node(1).Forwarded(ForwardKind.Post), servers.Node(0).Forwarded(ForwardKind.Poll)));
    }

    [Fact]
    public async Task A_forwarded_poll_waits_until_there_is_something_to_send()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);

        var poll = client.PollAtAsync(servers[1]);
        await servers.PolledAsync(0);
        await servers[1].Io.EmitAsync("news", 1);

        Assert.Equal((200, """42["news",1]"""), await poll);
    }

    [Fact]
    public async Task A_megabyte_arrives_and_more_is_refused()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        var text = new string('x', 999_000);

        Assert.Equal((200, "ok"), await client.PostAtAsync(servers[1], $"420[\"echo\",\"{text}\"]"));
        Assert.Equal($"430[\"{text}\"]", (await client.PollAtAsync(servers[1])).Body);
        Assert.Equal((413, ""), await client.PostAtAsync(servers[1], "4" + new string('x', 1_000_000)));
        Assert.Equal((400, Unknown), await client.PollAtAsync(servers[1]));
    }

    [Fact]
    public async Task A_body_without_a_length_that_is_too_large_is_refused()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using var raw = await RawConnection.OpenAsync(servers[1].Address);

        await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        var chunk = Encoding.ASCII.GetBytes($"{100_000:x}\r\n{new string('x', 100_000)}\r\n");
        for (var i = 0; i < 11; i++) await raw.SendAsync(chunk);
        await raw.SendAsync("0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_arrives_slowly_is_passed_on_as_it_arrives()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using var raw = await RawConnection.OpenAsync(servers[1].Address);

        await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 15\r\n\r\n420[\"ec");
        await servers.PostingAsync(0);
        await raw.SendAsync("ho\",\"a\"]");

        Assert.StartsWith("HTTP/1.1 200 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal("""430["a"]""", await client.PollAsync());
    }

    [Fact]
    public async Task The_session_ends_when_its_client_leaves_a_forwarded_poll()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using (var raw = await RawConnection.OpenAsync(servers[1].Address))
        {
            await raw.SendAsync($"GET {client.Url} HTTP/1.1\r\nHost: x\r\n\r\n");
            await servers.PolledAsync(0);
        }

        await Eventually.TrueAsync(() => servers.Sessions(0) == 0, "the end of the session");
        Assert.Equal((400, Unknown), await client.PollAtAsync(servers[1]));
    }

    [Fact]
    public async Task The_session_ends_when_its_client_leaves_a_forwarded_post()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);
        await using (var raw = await RawConnection.OpenAsync(servers[1].Address))
        {
            await raw.SendAsync($"POST {client.Url} HTTP/1.1\r\nHost: x\r\nContent-Length: 15\r\n\r\n420[\"ec");
            await servers.PostingAsync(0);
        }

        await Eventually.TrueAsync(() => servers.Sessions(0) == 0, "the end of the session");
    }

    [Fact]
    public async Task Jsonp_and_Engine_IO_3_work_through_another_server()
    {
        await using var servers = await ForwardingServers.StartAsync(options: options => options.AllowJsonp = true);
        foreach (var host in servers.Hosts) host.Http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var client = await PollingClient.ConnectAsync(servers[0], 3, "&b64=1");
        var url = new Uri(client.Url + "&j=0", UriKind.Relative);

        using var content = new FormUrlEncodedContent([new("d", """16:420["echo","ab"]""")]);
        using var response = await servers[1].Http.PostAsync(url, content);

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal("""___eio[0]("9:430[\u0022ab\u0022]");""", await servers[1].Http.GetStringAsync(url));
    }
}

using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>What becomes of a request whose session's server is not there, or behaves badly.</summary>
public sealed class ForwardFaultTests
{
    private const string Unknown = """{"code":1,"message":"Session ID unknown"}""";

    [Fact]
    public async Task A_server_that_dies_while_a_poll_waits_is_an_unknown_session()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);

        var poll = PollAsync(servers);
        var (connection, _) = await owner.TakeAsync("");
        owner.StopListening();
        connection.Dispose();

        Assert.Equal((400, Unknown), await poll);
    }

    [Fact]
    public async Task A_body_is_never_sent_twice()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);

        var post = servers[0].Http.PostAsync(new Uri(FakeOwner.Url, UriKind.Relative), new StringContent("4a"));
        var (first, _) = await owner.TakeAsync("");
        first.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        using var response = await post;

        Assert.Equal(Unknown, await response.Content.ReadAsStringAsync());
        first.Dispose();
    }

    [Fact]
    public async Task A_server_that_refuses_connections_is_an_unknown_session()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        owner.StopListening();

        for (var i = 0; i < 3; i++) Assert.Equal((400, Unknown), await PollAsync(servers));
        // Not a line for each request: clients come again and again.
        Assert.Single(servers[0].Log.Lines, line => line.Id.Id == 58 && line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task A_poll_ends_when_its_server_is_silent_on_the_bus_and_counts_as_gone()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);

        var poll = PollAsync(servers);
        var (connection, _) = await owner.TakeAsync("");
        for (var i = 0; i < 8; i++) servers[0].Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((400, Unknown), await poll);
        Assert.Equal((400, Unknown), await PollAsync(servers));
        connection.Dispose();
    }

    [Fact]
    public async Task A_response_that_ends_too_early_ends_the_connection()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        await using var raw = await RawConnection.OpenAsync(servers[0].Address);

        await raw.SendAsync($"GET {FakeOwner.Url} HTTP/1.1\r\nHost: x\r\n\r\n");
        var (connection, _) = await owner.TakeAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n42[");
        Assert.Contains("Content-Length: 100", await raw.ReadHeadAsync(), StringComparison.Ordinal);
        connection.Dispose();

        Assert.Equal("42[", await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task The_sessions_server_learns_that_a_client_has_left_before_it_got_its_response()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        System.Net.Sockets.Socket connection;
        await using (var raw = await RawConnection.OpenAsync(servers[0].Address))
        {
            await raw.SendAsync($"GET {FakeOwner.Url} HTTP/1.1\r\nHost: x\r\n\r\n");
            (connection, _) = await owner.TakeAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n42[");
            await raw.ReadHeadAsync();
        }

        var (second, head) = await owner.TakeAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        Assert.Matches($@"(?m)^X-SocketIO-Forward: v1;.*;{(int)EngineIO.Hosting.ForwardCondition.Abandoned};;[^;]+\r$", head);
        connection.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task It_learns_that_too_if_the_poll_had_a_body()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        System.Net.Sockets.Socket connection;
        await using (var raw = await RawConnection.OpenAsync(servers[0].Address))
        {
            await raw.SendAsync($"GET {FakeOwner.Url} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nab");
            (connection, _) = await owner.TakeAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n42[");
            await raw.ReadHeadAsync();
        }

        var (second, head) = await owner.TakeAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        // The body belongs to a request that has ended.
        Assert.DoesNotMatch("(?i)content-|transfer-encoding", head);
        Assert.StartsWith("GET ", head, StringComparison.Ordinal);
        connection.Dispose();
        second.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_whose_poll_was_lost_ends(bool checksOrigin)
    {
        await using var servers = await ForwardingServers.StartAsync(1, options: o => o.CheckOrigin = checksOrigin);
        var client = await PollingClient.JoinAsync(servers[0]);
        var header = ForwardSecurityTests.Header(servers[0]) with { Condition = (int)EngineIO.Hosting.ForwardCondition.Abandoned };

        await ForwardSecurityTests.SendAsync(servers[0], client.Url, header.Write(System.Text.Encoding.UTF8.GetBytes(ForwardingServers.Secret), "GET", client.Url));

        Assert.Equal((400, Unknown), await ForwardSecurityTests.SendAsync(servers[0], client.Url, null));
    }

    [Fact]
    public async Task A_server_that_refuses_the_signature_is_reported()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);

        var poll = PollAsync(servers);
        var (connection, _) = await owner.TakeAsync("HTTP/1.1 400 Bad Request\r\nX-SocketIO-Forward: refused\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((400, Unknown), await poll);
        Assert.Contains(servers[0].Log.Lines, line => line.Id.Id == 58 && line.Text.Contains("clocks", StringComparison.Ordinal));
        connection.Dispose();
    }

    [Fact]
    public async Task Redirections_are_not_followed_and_headers_of_one_connection_do_not_pass()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        await using var raw = await RawConnection.OpenAsync(servers[0].Address);

        await raw.SendAsync(
            $"GET {FakeOwner.Url} HTTP/1.1\r\nHost: chat.example\r\nConnection: X-Mine\r\nX-Mine: 1\r\nX-Kept: für\r\nTE: trailers\r\nX-Forwarded-For: 1.2.3.4\r\n"
            + "Cookie: a=1\r\nCookie: b=2\r\n\r\n");
        var (connection, head) = await owner.TakeAsync("HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nKeep-Alive: timeout=5\r\nSet-Cookie: c=3\r\nSet-Cookie: d=4\r\nContent-Length: 0\r\n\r\n");
        var answer = await raw.ReadHeadAsync();

        Assert.StartsWith($"GET {FakeOwner.Url} HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Host: chat.example\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Cookie: a=1; b=2\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Kept: ", head, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)x-mine|^te:|x-forwarded|traceparent", head);
        Assert.StartsWith("HTTP/1.1 302 ", answer, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: c=3\r\nSet-Cookie: d=4\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Keep-Alive", answer, StringComparison.Ordinal);
        connection.Dispose();
    }

    [Fact]
    public async Task More_than_MaxForwarded_requests_at_once_get_503()
    {
        await using var servers = await ForwardingServers.StartAsync(1, o => o.MaxForwarded = 1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        var poll = PollAsync(servers);
        var (connection, _) = await owner.TakeAsync("");

        Assert.Equal(503, (await PollAsync(servers)).Status);
        Assert.Equal(503, (await PollAsync(servers)).Status);
        Assert.Single(servers[0].Log.Lines, line => line.Id.Id == 59);
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n6"u8.ToArray());

        Assert.Equal((200, "6"), await poll);
        connection.Dispose();
    }

    [Fact]
    public async Task A_waiting_poll_of_another_server_does_not_keep_a_server_from_stopping()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await using var owner = await FakeOwner.JoinAsync(servers);
        var poll = PollAsync(servers);
        var (connection, _) = await owner.TakeAsync("");

        await servers[0].StopInTimeAsync();

        Assert.Equal((400, Unknown), await poll);
        connection.Dispose();
    }

    private static Task<(int Status, string Body)> PollAsync(ForwardingServers servers) => ForwardSecurityTests.SendAsync(servers[0], FakeOwner.Url, null);
}

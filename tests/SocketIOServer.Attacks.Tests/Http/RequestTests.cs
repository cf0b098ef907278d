namespace SocketIOServer.Attacks.Tests.Http;

/// <summary>ATTACKS A33 to A35, A38 and A40 to A43: requests that no client would make.</summary>
public sealed class RequestTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const string UnknownTransport = """{"code":0,"message":"Transport unknown"}""";
    private const string BadMethod = """{"code":2,"message":"Bad handshake method"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string UnsupportedProtocol = """{"code":5,"message":"Unsupported protocol version"}""";

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("PROPFIND")]
    public async Task A33_a_handshake_by_another_method_is_refused(string method)
    {
        var reply = await server.Host.AskAsync(method, Requests.Polling);

        Assert.Equal((400, BadMethod, "application/json"), (reply.Status, reply.Body, reply["Content-Type"]));
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("HEAD")]
    public async Task A33_another_method_takes_nothing_from_a_session(string method)
    {
        await using (var client = await JoinAsync())
        {
            await client.PushAsync("""427["ping"]""");

            var reply = await server.Host.AskAsync(method, client.Target);

            Assert.Equal((405, "GET, POST"), (reply.Status, reply["Allow"]));
            Assert.Equal("""437["pong"]""", (await client.AskAsync("GET")).Body);
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("GET", "polling")]
    [InlineData("POST", "polling")]
    [InlineData("GET", "websocket")]
    [InlineData("POST", "websocket")]
    [InlineData("HEAD", "polling")]
    public async Task A33_the_session_of_a_WebSocket_is_not_polled(string method, string transport)
    {
        await using (var socket = new RawWebSocket(await RawWebSocket.UpgradeAsync(server.Host, Requests.WebSocket)))
        {
            var open = await socket.ReadAsync();
            var sid = open.Split('"')[3];

            Assert.Equal(400, (await server.Host.AskAsync(method, $"/socket.io/?EIO=4&transport={transport}&sid={sid}", [])).Status);

            await socket.SendAsync(RawWebSocket.Frame(0x81, "40"));
            Assert.StartsWith("81 40{", await socket.ReadAsync(), StringComparison.Ordinal);
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("3")]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("04")]
    [InlineData("4.0")]
    [InlineData("%34%34")]
    [InlineData("٤")]
    public async Task A34_the_protocol_of_a_session_is_that_of_its_handshake(string eio)
    {
        await using (var client = await JoinAsync())
        {
            var target = client.Target.Replace("EIO=4", "EIO=" + Uri.EscapeDataString(Uri.UnescapeDataString(eio)), StringComparison.Ordinal);

            Assert.Equal((400, BadRequest), Shown(await server.Host.GetAsync(target)));
            Assert.Equal((400, BadRequest), Shown(await server.Host.AskAsync("POST", target, "3"u8.ToArray())));
            await using var upgrade = await RawConnection.OpenAsync(server.Host.Address);
            await upgrade.SendAsync(RawWebSocket.Request(target.Replace("polling", "websocket", StringComparison.Ordinal)));
            Assert.Equal((400, BadRequest), Shown(await Reply.ReadAsync(upgrade)));

            Assert.Equal((200, "ok"), Shown(await client.AskAsync("POST", "3"u8.ToArray())));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("", UnknownTransport)]
    [InlineData("?", UnknownTransport)]
    [InlineData("?EIO=4", UnknownTransport)]
    [InlineData("?EIO=4&transport=", UnknownTransport)]
    [InlineData("?EIO=4&transport=POLLING", UnknownTransport)]
    [InlineData("?EIO=4&Transport=polling", UnknownTransport)]
    [InlineData("?EIO=4&transport=polling%00", UnknownTransport)]
    [InlineData("?EIO=4&transport=polling,polling", UnknownTransport)]
    [InlineData("?EIO=4&transport=polling&transport=x", UnknownTransport)]
    [InlineData("?EIO=4&transport=__proto__", UnknownTransport)]
    [InlineData("?EIO=4&transport=constructor", UnknownTransport)]
    [InlineData("?EIO=4&transport=toString", UnknownTransport)]
    [InlineData("?EIO=4&transport=%", UnknownTransport)]
    [InlineData("?EIO=4&transport=%zz", UnknownTransport)]
    [InlineData("?EIO=4&transport=websocket", BadRequest)]
    [InlineData("?EIO=2&transport=polling", UnsupportedProtocol)]
    [InlineData("?EIO=5&transport=polling", UnsupportedProtocol)]
    [InlineData("?EIO=4,3&transport=polling", UnsupportedProtocol)]
    [InlineData("?EIO=4%00&transport=polling", UnsupportedProtocol)]
    [InlineData("?EIO=4&EIO=5&transport=polling", UnsupportedProtocol)]
    [InlineData("?EIO=__proto__&transport=polling", UnsupportedProtocol)]
    [InlineData("?EIO=4&transport=polling&sid=__proto__", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=constructor", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=%00", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=%", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=%ff", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=a&sid=b", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=%0d%0aX: y", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=«a×7000»", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&sid=%3Cscript%3E", Reply.UnknownSession)]
    [InlineData("?EIO=4&transport=polling&j=0", BadRequest)]
    [InlineData("?EIO=4&transport=polling&j=alert(1)//", BadRequest)]
    public async Task A35_an_odd_query_is_refused_with_its_code(string query, string body)
    {
        var reply = await server.Host.GetAsync("/socket.io/" + Message.Expand(query).Replace(" ", "%20", StringComparison.Ordinal));

        // A38: nothing of the request comes back.
        Assert.Equal((400, body, "application/json", "no-store"), (reply.Status, reply.Body, reply["Content-Type"], reply["Cache-Control"]));
        await server.AssertQuietAsync();
    }

    // A09: of a name that comes twice the last counts, as for URLSearchParams, and ASP.NET's "4,3" is not looked at.
    [Theory]
    [InlineData("?EIO=3&EIO=4&transport=polling")]
    [InlineData("?EIO=4&transport=x&transport=polling")]
    [InlineData("?EIO=4&transport=polling&sid=x&sid=")]
    [InlineData("?EIO=4&eio=3&transport=polling")]
    [InlineData("?&&EIO=4&=&transport=polling&&")]
    [InlineData("?EIO=%34&transport=%70olling")]
    [InlineData("?EIO=4&transport=polling&t=«x×7000»")]
    [InlineData("?EIO=4&transport=polling&b64=")]
    [InlineData("?EIO=4&transport=polling&__proto__=x&x[]=1&x[a]=2")]
    public async Task A35_an_odd_query_that_says_enough_opens_a_session(string query)
    {
        var open = (await server.Host.GetAsync("/socket.io/" + Message.Expand(query))).Body;
        await using (new PollingAttacker(server.Host, open.Split('"')[3])) Assert.StartsWith("0{\"sid\":", open, StringComparison.Ordinal);

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("/socket.io/?EIO=4&transport=<script>alert(1)</script>", "")]
    [InlineData("/socket.io/?EIO=<script>&transport=polling", "")]
    [InlineData("/socket.io/?EIO=4&transport=polling&sid=<script>", "")]
    [InlineData("/socket.io/?EIO=4&transport=polling&j=<script>", "")]
    [InlineData(Requests.Polling, "Origin: http://<script>.evil\r\n")]
    [InlineData(Requests.Polling, "Origin: <script>\r\nX-Forwarded-Host: <script>\r\n")]
    [InlineData("/socket.io/?EIO=4&transport=polling&sid=<script>", "Cookie: io=<script>\r\nReferer: <script>\r\n")]
    public async Task A38_nothing_of_a_refused_request_comes_back(string target, string headers)
    {
        var reply = await server.Host.GetAsync(target, headers);

        Assert.DoesNotContain("script", reply.Head + reply.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("application/json", reply["Content-Type"]);
        Assert.True(reply.Status is 400 or 403, reply.Head);
        await server.AssertQuietAsync();
    }

    // CVE-2025-55315 and its kind. The web server refuses them, and the connection ends, so nothing behind is read as a request.
    [Theory]
    [InlineData("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n\r\n3")]
    [InlineData("Content-Length: 1, 1\r\n\r\n3")]
    [InlineData("Content-Length: -1\r\n\r\n")]
    [InlineData("Content-Length: 0x1\r\n\r\n3")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("X: a\r\n b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("X\0: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData(": a\r\nContent-Length: 0\r\n\r\n")]
    public async Task A40_a_request_that_can_be_read_in_two_ways_is_refused(string rest)
    {
        await using (var client = await JoinAsync())
        {
            await using var raw = await RawConnection.OpenAsync(server.Host.Address);

            await raw.SendAsync($"POST {client.Target} HTTP/1.1\r\nHost: x\r\n{rest}GET {Requests.Polling} HTTP/1.1\r\nHost: x\r\n\r\n");

            var answers = await raw.ReadToEndAsync();
            Assert.Single(answers.Split("HTTP/1.1 "), answer => answer.Length > 0);
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("gzip, deflate, br")]
    [InlineData("*")]
    public async Task A42_answers_are_not_compressed(string encodings)
    {
        var open = await server.Host.GetAsync(Requests.Polling, $"Accept-Encoding: {encodings}\r\n");
        await using (new PollingAttacker(server.Host, open.Body.Split('"')[3])) Assert.Null(open["Content-Encoding"]);

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData(150, 10, 431)]
    [InlineData(50, 1_000, 431)]
    public async Task A43_too_many_headers_are_refused(int count, int length, int status)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('x', length)}\r\n"));
        await using var polling = await RawConnection.OpenAsync(server.Host.Address);
        await polling.SendAsync(Requests.Bytes("GET", Requests.Polling, null, headers));
        await using var webSocket = await RawConnection.OpenAsync(server.Host.Address);
        await webSocket.SendAsync(RawWebSocket.Request(Requests.WebSocket, headers));

        Assert.Equal((status, status), ((await Reply.ReadAsync(polling)).Status, (await Reply.ReadAsync(webSocket)).Status));
    }

    [Fact]
    public async Task A43_a_request_line_that_is_too_long_is_refused() =>
        Assert.Equal(414, (await server.Host.GetAsync(Requests.Polling + "&x=" + new string('x', 9_000))).Status);

    private async Task<PollingAttacker> JoinAsync() => (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true);

    private static (int Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);
}

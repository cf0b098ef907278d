namespace SocketIOServer.Attacks.Tests.WebSockets;

/// <summary>ATTACKS A39, A44 and A50 to A52: who may open a WebSocket, and how not to ask for one.</summary>
public sealed class HandshakeTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const string Forbidden = """{"code":4,"message":"Forbidden"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string Key = "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n";

    [Theory]
    [InlineData("Origin: http://evil.example\r\n")]
    [InlineData("Origin: null\r\n")]
    [InlineData("Origin: https://x\r\n")]
    [InlineData("Origin: http://x:81\r\n")]
    [InlineData("Origin: http://x.evil.example\r\n")]
    [InlineData("Origin: http://evil.example/x\r\n")]
    [InlineData("Origin: http://x@evil.example\r\n")]
    [InlineData("Origin: http://x/, http://evil.example\r\n")]
    [InlineData("Origin: http://x/\r\nOrigin: http://evil.example\r\n")]
    [InlineData("Origin: http://\r\n")]
    [InlineData("Origin: //x\r\n")]
    [InlineData("Origin: *x\r\n")]
    [InlineData("Origin: *\r\nOrigin: http://evil.example\r\n")]
    [InlineData("Origin: http://x http://evil.example\r\n")]
    [InlineData("Origin: http://x\r\nOrigin: http://evil.example\r\n")]
    [InlineData("Origin: http://evil.example\r\nOrigin: http://x\r\n")]
    [InlineData("Origin: http://evil.example\r\nX-Forwarded-Host: evil.example\r\n")]
    [InlineData("Origin: http://evil.example\r\nForwarded: host=evil.example\r\n")]
    public async Task A44_a_page_of_another_origin_is_refused_on_every_transport(string headers)
    {
        await using (var client = (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true))
        {
            var upgrade = client.Target.Replace("polling", "websocket", StringComparison.Ordinal);

            Assert.Equal((403, Forbidden), await UpgradeAsync(RawWebSocket.Request(Requests.WebSocket, headers)));
            Assert.Equal((403, Forbidden), await UpgradeAsync(RawWebSocket.Request(upgrade, headers)));
            Assert.Equal((403, Forbidden), Shown(await server.Host.GetAsync(Requests.Polling, headers)));
            Assert.Equal((403, Forbidden), Shown(await server.Host.GetAsync(client.Target, headers)));
            Assert.Equal((403, Forbidden), Shown(await server.Host.AskAsync("POST", client.Target, "1"u8.ToArray(), headers)));

            Assert.Equal((200, "ok"), Shown(await client.AskAsync("POST", "3"u8.ToArray())));
        }

        await server.AssertQuietAsync();
    }

    // CVE-2020-28481: the reference once allowed all.
    [Theory]
    [InlineData("GET", 403)]
    [InlineData("OPTIONS", 400)]
    public async Task A39_no_page_is_allowed_unless_the_program_says_so(string method, int status)
    {
        var reply = await server.Host.AskAsync(method, Requests.Polling, null, "Origin: http://evil.example\r\nAccess-Control-Request-Method: GET\r\n");

        Assert.Equal(status, reply.Status);
        Assert.DoesNotContain("Access-Control", reply.Head, StringComparison.OrdinalIgnoreCase);
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("Origin: http://x\u0001\r\n")]
    [InlineData("Origin: \u007f\r\n")]
    public async Task A39_an_origin_with_control_characters_is_no_origin(string header)
    {
        Assert.Equal(400, (await server.Host.GetAsync(Requests.Polling, header)).Status);
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Origin: http://x\r\n")]
    [InlineData("Origin: HTTP://X\r\n")]
    public async Task A44_programs_and_pages_of_the_own_origin_come_in(string headers)
    {
        await using (await RawWebSocket.OpenAsync(server.Host, Requests.WebSocket, headers)) await server.Witness.EchoAsync();

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 12\r\n" + Key)]
    [InlineData("Sec-WebSocket-Version: 14\r\n" + Key)]
    [InlineData("Sec-WebSocket-Version: 13, 13\r\n" + Key)]
    [InlineData("Sec-WebSocket-Version: \r\n" + Key)]
    [InlineData(Key)]
    [InlineData("Sec-WebSocket-Version: 13\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ########################\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==AAAA\r\n")]
    [InlineData("Sec-WebSocket-Version: 13\r\n" + Key + Key)]
    public async Task A50_a_request_without_what_a_WebSocket_needs_is_refused(string headers)
    {
        Assert.Equal((400, BadRequest), await UpgradeAsync($"GET {Requests.WebSocket} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{headers}\r\n"));
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("Connection: keep-alive\r\nUpgrade: websocket\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket/13\r\n")]
    [InlineData("Connection: Upgrade\r\n")]
    [InlineData("Upgrade: websocket\r\n")]
    public async Task A50_so_is_one_that_asks_for_something_else(string headers)
    {
        Assert.Equal((400, BadRequest), await UpgradeAsync($"GET {Requests.WebSocket} HTTP/1.1\r\nHost: x\r\n{headers}Sec-WebSocket-Version: 13\r\n{Key}\r\n"));
        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A50_of_ten_thousand_subprotocols_the_first_is_taken()
    {
        await using (var raw = await RawConnection.OpenAsync(server.Host.Address))
        {
            await raw.SendAsync(RawWebSocket.Request(Requests.WebSocket, Message.Expand("Sec-WebSocket-Protocol: «a,×10000»\r\n")));
            var reply = await Reply.ReadAsync(raw);

            Assert.Equal((101, "a"), (reply.Status, reply["Sec-WebSocket-Protocol"]));
            await server.Witness.EchoAsync();
        }

        await server.AssertQuietAsync();
    }

    // CVE-2021-32640 and GHSA-5v72-xg48-5rpm: regular expressions over these headers.
    [Theory]
    [InlineData("Sec-WebSocket-Protocol: a«    ×6000»b\r\n")]
    [InlineData("Sec-WebSocket-Protocol: «\"×20000»\r\n")]
    [InlineData("Sec-WebSocket-Extensions: «a;×10000»\r\n")]
    [InlineData("Sec-WebSocket-Extensions: a; b=«    ×6000»\"\r\n")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate«; server_max_window_bits=x×800»\r\n")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate; constructor=1; __proto__=2\r\n")]
    [InlineData("Sec-WebSocket-Extensions: ,,,;;;===\r\n")]
    public async Task A50_odd_extensions_and_subprotocols_are_not_agreed_to(string header)
    {
        await using (var raw = await RawConnection.OpenAsync(server.Host.Address))
        {
            await raw.SendAsync(RawWebSocket.Request(Requests.WebSocket, Message.Expand(header)));
            var reply = await Reply.ReadAsync(raw);

            Assert.Equal((101, null, null), (reply.Status, reply["Sec-WebSocket-Extensions"], reply["Sec-WebSocket-Protocol"]));
            await server.Witness.EchoAsync();
        }

        await server.AssertQuietAsync();
    }

    // CVE-2022-21676: a frame in the segment of the request.
    [Theory]
    [InlineData("81 40{", 0x81, "40")]
    [InlineData("88 1002", 0xc1, "40")]
    [InlineData("88 1002", 0xb1, "40")]
    [InlineData("88 1002", 0x83, "40")]
    [InlineData("88 1000", 0x81, "x")]
    public async Task A51_what_is_glued_to_the_request_is_read_as_what_comes_later(string answer, byte first, string text)
    {
        await using (var raw = await RawConnection.OpenAsync(server.Host.Address))
        {
            await raw.SendAsync([.. System.Text.Encoding.ASCII.GetBytes(RawWebSocket.Request(Requests.WebSocket)), .. RawWebSocket.Frame(first, text)]);
            Assert.StartsWith("HTTP/1.1 101 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
            await using var socket = new RawWebSocket(raw);

            Assert.StartsWith("81 0{", await socket.ReadAsync(), StringComparison.Ordinal);
            Assert.StartsWith(answer, await socket.ReadAsync(), StringComparison.Ordinal);
        }

        await server.AssertQuietAsync();
    }

    // CVE-2022-41940: the connection is gone while it is answered.
    [Theory]
    [InlineData(Requests.WebSocket)]
    [InlineData("/socket.io/?EIO=3&transport=websocket")]
    [InlineData("/socket.io/?EIO=4&transport=websocket&sid=nobody")]
    public async Task A52_an_upgrade_whose_client_is_gone_leaves_nothing(string target)
    {
        for (var i = 0; i < 50; i++)
        {
            await using var raw = await RawConnection.OpenAsync(server.Host.Address);
            await raw.SendAsync(RawWebSocket.Request(target));
        }

        await server.AssertQuietAsync();
    }

    private async Task<(int Status, string Body)> UpgradeAsync(string request)
    {
        await using var raw = await RawConnection.OpenAsync(server.Host.Address);
        await raw.SendAsync(request);
        return Shown(await Reply.ReadAsync(raw));
    }

    private static (int Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);
}

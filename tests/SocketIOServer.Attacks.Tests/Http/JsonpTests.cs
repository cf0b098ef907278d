namespace SocketIOServer.Attacks.Tests.Http;

/// <summary>ATTACKS A36, A37 and A74: scripts that call back, forms that bring packets, and paths that are not the server's.</summary>
public sealed class JsonpTests(JsonpTests.Server server) : IClassFixture<JsonpTests.Server>
{
    private const string SameOrigin = "Sec-Fetch-Site: same-origin\r\n";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string Forbidden = """{"code":4,"message":"Forbidden"}""";

    [Theory]
    [InlineData("")]
    [InlineData("alert(1)//")]
    [InlineData("0;alert(1)")]
    [InlineData("0](1);x[")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("0x1")]
    [InlineData("1e3")]
    [InlineData("%20")]
    [InlineData("0%0a")]
    [InlineData("0%00")]
    [InlineData("%EF%BC%91")] // a wide 1
    [InlineData("%D9%A3")]
    [InlineData("12345678901")]
    [InlineData("0&j=x")]
    public async Task A36_an_index_that_is_not_ten_digits_is_refused(string index)
    {
        var reply = await server.Host.GetAsync($"{Requests.Polling}&j={index}", SameOrigin);

        Assert.Equal((400, BadRequest), (reply.Status, reply.Body));
        await server.AssertQuietAsync();
    }

    // A script element sends cookies and is not bound by CORS.
    [Theory]
    [InlineData("")]
    [InlineData("Sec-Fetch-Site: cross-site\r\n")]
    [InlineData("Sec-Fetch-Site: same-site\r\n")]
    [InlineData("Sec-Fetch-Site: none\r\n")]
    [InlineData("Sec-Fetch-Site: SAME-ORIGIN\r\n")]
    [InlineData("Referer: http://evil.example/\r\n")]
    [InlineData("Referer: http://evil.example/http://x/\r\n")]
    [InlineData("Referer: http://x.evil.example/\r\n")]
    [InlineData("Referer: http://x@evil.example/\r\n")]
    [InlineData("Referer: https://x/\r\n")]
    [InlineData("Referer: x\r\n")]
    [InlineData("Referer: about:blank\r\n")]
    public async Task A36_a_script_of_another_page_is_refused(string headers)
    {
        var reply = await server.Host.GetAsync($"{Requests.Polling}&j=0", headers);

        Assert.Equal((403, Forbidden), (reply.Status, reply.Body));
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("<!--")]
    [InlineData("\u2028\u2029")]
    [InlineData("\\\\\");alert(1);//")]
    [InlineData("' + alert(1) + '")]
    public async Task A36_nothing_of_a_message_ends_the_string_that_it_stands_in(string text)
    {
        await using (var client = await JoinAsync())
        {
            var json = System.Text.Json.JsonSerializer.Serialize(text);
            await client.PushAsync($"427[\"text\",{json}]");

            var reply = await server.Host.GetAsync(client.Target + "&j=3", SameOrigin);

            Assert.Equal((200, "text/javascript; charset=UTF-8", "nosniff"), (reply.Status, reply["Content-Type"], reply["X-Content-Type-Options"]));
            Assert.Matches("""^___eio\[3\]\("437\[(\\u0022|\\")[^<'"\u2028\u2029]*(\\u0022|\\")\]"\);$""", reply.Body.Replace("\\\"", "\\u0022", StringComparison.Ordinal));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("d=")]
    [InlineData("D=3")]
    [InlineData("x=3")]
    [InlineData("x=1&d=3")]
    [InlineData("&d=3")]
    [InlineData("d=&d=3")]
    [InlineData("d=%")]
    [InlineData("d=%3")]
    [InlineData("d=%zz")]
    [InlineData("d=%33%")]
    [InlineData("d=%ff")]
    [InlineData("d=3%1e")]
    [InlineData("d=+3")]
    [InlineData("d=«\\n×300000»")]
    [InlineData("d=«\\\\n×200000»")]
    [InlineData("d=«%5C×300000»")]
    [InlineData("«a=1&×100000»d=3")]
    public async Task A37_a_form_without_packets_is_refused(string form)
    {
        await using (var client = await JoinAsync())
        {
            Assert.Equal((400, ""), await PostAsync(client, form));
            Assert.Equal("parse error", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("d=3")]
    [InlineData("d=%33")]
    [InlineData("d=3&d=nonsense")]
    [InlineData("d=3«&a=1×200000»")]
    [InlineData("d=«3%1e×200000»3")]
    public async Task A37_a_form_with_packets_is_read_and_no_more(string form)
    {
        await using (var client = await JoinAsync())
        {
            Assert.Equal((200, "ok"), await PostAsync(client, form));
            await server.StaysAsync(client);
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("/socket.io/../secret")]
    [InlineData("/socket.io/%2e%2e/secret")]
    [InlineData("/socket.io/..%2fsecret")]
    [InlineData("/socket.io/socket.io.js")]
    [InlineData("/socket.io/socket.io.js.map")]
    [InlineData("/socket.io/package.json")]
    [InlineData("/socket.io/x?EIO=4&transport=polling")]
    [InlineData("/socket.iox/?EIO=4&transport=polling")]
    [InlineData("/socket.i/?EIO=4&transport=polling")]
    [InlineData("//socket.io/?EIO=4&transport=polling")]
    [InlineData("/socket.io//?EIO=4&transport=polling")]
    [InlineData("/x/socket.io/?EIO=4&transport=polling")]
    [InlineData("/?EIO=4&transport=polling")]
    public async Task A74_a_path_beside_the_servers_is_nowhere(string target)
    {
        Assert.Equal((404, ""), Shown(await server.Host.GetAsync(target)));
        await server.AssertQuietAsync();
    }

    private async Task<(int Status, string Body)> PostAsync(PollingAttacker client, string form) => Shown(
        await server.Host.AskAsync("POST", client.Target + "&j=0", Message.Bytes(form), SameOrigin + "Content-Type: application/x-www-form-urlencoded\r\n"));

    private async Task<PollingAttacker> JoinAsync() => (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true);

    private static (int Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);

    /// <summary>With JSONP, which is off by default.</summary>
    public sealed class Server : AttackedServer
    {
        protected override void Configure(SocketServerOptions options) => options.AllowJsonp = true;
    }
}

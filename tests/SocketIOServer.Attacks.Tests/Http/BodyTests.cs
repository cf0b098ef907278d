using System.Text;

namespace SocketIOServer.Attacks.Tests.Http;

/// <summary>ATTACKS A24 to A28 and A41: bodies that are of the wrong kind, too large, too many, too slow.</summary>
public sealed class BodyTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const int Limit = 1_000_000;

    // CVE-2026-59725: the reference never answered it, nor the poll that waited.
    [Theory]
    [InlineData("00")]
    [InlineData("04")]
    [InlineData("34325b2270696e67225d")]
    public async Task A24_a_binary_body_is_answered_and_ends_the_session(string hex)
    {
        await using (var client = await JoinAsync())
        {
            var poll = await PollAsync(client);

            Assert.Equal(
                (400, ""), Shown(await server.Host.AskAsync("POST", client.Target, Convert.FromHexString(hex), "Content-Type: application/octet-stream\r\n")));

            Assert.Equal((200, "1"), Shown(await poll.Task));
            Assert.Equal("parse error", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData(Limit, 200)]
    [InlineData(Limit + 1, 413)]
    [InlineData(40_000_000, 413)]
    public async Task A25_a_body_may_have_MaxPayload_bytes(int length, int status)
    {
        await using (var client = await JoinAsync())
        {
            // Of the larger ones nothing but the head is sent.
            var body = length <= Limit ? Encoding.ASCII.GetBytes("3" + new string('x', length - 1)) : [];
            await using var raw = await RawConnection.OpenAsync(server.Host.Address);
            await raw.SendAsync([.. Encoding.ASCII.GetBytes($"POST {client.Target} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"), .. body]);
            var reply = await Reply.ReadAsync(raw);

            Assert.Equal((status, status == 413), (reply.Status, reply.IsLast));
            if (status == 413) Assert.Equal("transport error", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("x", Limit)]
    [InlineData("é", Limit / 2)]
    [InlineData("😀", Limit / 4)]
    public async Task A25_bytes_are_counted_and_not_characters(string character, int count)
    {
        await using (var client = await JoinAsync())
        {
            var text = "3" + new StringBuilder().Insert(0, character, count);

            Assert.Equal(413, (await server.Host.AskAsync("POST", client.Target, Encoding.UTF8.GetBytes(text))).Status);
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A25_a_chunked_body_is_read_no_further_than_the_limit()
    {
        await using (var client = await JoinAsync())
        {
            await using var raw = await RawConnection.OpenAsync(server.Host.Address);
            await raw.SendAsync($"POST {client.Target} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('3', 65_536) + "\r\n");
            for (var sent = 0; sent <= Limit; sent += 65_536) await raw.SendAsync(chunk);

            var reply = await Reply.ReadAsync(raw);

            Assert.Equal((413, true), (reply.Status, reply.IsLast));
            Assert.Equal("transport error", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("/socket.io/?EIO=4&transport=polling&sid=nobody", """{"code":1,"message":"Session ID unknown"}""")]
    [InlineData("/socket.io/?EIO=4&transport=polling", """{"code":2,"message":"Bad handshake method"}""")]
    [InlineData("/socket.io/?EIO=4&transport=carrier-pigeon&sid=nobody", """{"code":0,"message":"Transport unknown"}""")]
    public async Task A25_who_may_not_send_is_told_before_the_body_comes(string target, string body)
    {
        await using var raw = await RawConnection.OpenAsync(server.Host.Address);

        await raw.SendAsync($"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");

        Assert.Equal((400, body), Shown(await Reply.ReadAsync(raw)));
    }

    [Theory]
    [InlineData("«\u001e×900000»", 400)]
    [InlineData("3«\u001e×900000»", 400)]
    [InlineData("«3\u001e×400000»3", 200)]
    [InlineData("«6\u001e×400000»6", 200)]
    [InlineData("«42[\"a\"]\u001e×111000»3", 200)]
    [InlineData("«43999[]\u001e×110000»3", 200)]
    [InlineData("«40\u001e×300000»3", 200)]
    public async Task A26_a_body_of_tiny_packets_is_read_one_by_one_while_others_are_served(string body, int status)
    {
        await using (var client = await JoinAsync())
        {
            Assert.Equal(status, (await client.AskAsync("POST", Message.Bytes(body))).Status);
            await server.Witness.EchoAsync();
        }

        await server.AssertQuietAsync();
    }

    // CVE-2026-48802: each pong began a thread.
    [Theory]
    [InlineData("«3\u001e×400000»3")]
    [InlineData("«3probe\u001e×100000»3")]
    public async Task A27_pongs_that_nobody_asked_for_start_nothing(string body)
    {
        await using (var client = await JoinAsync())
        {
            var timers = server.Host.Time.ArmedTimers;

            Assert.Equal(200, (await client.AskAsync("POST", Message.Bytes(body))).Status);

            Assert.Equal(timers, server.Host.Time.ArmedTimers);
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A28_a_body_that_does_not_come_ends_with_its_session()
    {
        await using (var client = await JoinAsync())
        {
            await using var raw = await RawConnection.OpenAsync(server.Host.Address);
            await raw.SendAsync($"POST {client.Target} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n42[");
            await server.PostArrivesAsync(client.Sid);

            await server.AdvanceAsync(TimeSpan.FromSeconds(45));

            Assert.Equal("", await raw.ReadToEndAsync());
            Assert.Equal("ping timeout", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate, gzip")]
    [InlineData("identity")]
    [InlineData("nonsense")]
    public async Task A41_a_compressed_body_is_refused_and_not_taken_for_text(string encoding)
    {
        await using (var client = await JoinAsync())
        {
            // A gzip of nothing.
            var body = Convert.FromHexString("1f8b080000000000000303000000000000000000");

            Assert.Equal((415, ""), Shown(await client.AskAsync("POST", body, $"Content-Encoding: {encoding}\r\n")));

            Assert.Equal((200, "ok"), Shown(await client.AskAsync("POST", Message.Payload("3"))));
        }

        await server.AssertQuietAsync();
    }

    private async Task<PollingAttacker> JoinAsync() => (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true);

    private async Task<Pending> PollAsync(PollingAttacker client)
    {
        var poll = server.Host.GetAsync(client.Target);
        await server.PollArrivesAsync(client.Sid);
        return new(poll);
    }

    private static (int Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);

    // Wrapped, or an async method would await it.
    private sealed record Pending(Task<Reply> Task);
}

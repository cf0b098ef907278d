namespace SocketIOServer.Attacks.Tests.Http;

/// <summary>ATTACKS A29 to A32: polls that overlap, that are given up, that never come, and whose answers nobody reads.</summary>
public sealed class PollTests(PollTests.Server server) : IClassFixture<PollTests.Server>
{
    [Fact]
    public async Task A29_a_second_poll_ends_the_session_and_both_are_answered()
    {
        await using (var client = await JoinAsync())
        {
            var first = server.Host.GetAsync(client.Target);
            await server.PollArrivesAsync(client.Sid);

            Assert.Equal((400, ""), Shown(await server.Host.GetAsync(client.Target)));

            Assert.Equal((200, "1"), Shown(await first));
            Assert.Equal("transport error", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A29_so_does_a_second_POST()
    {
        await using (var client = await JoinAsync())
        {
            await using var first = await RawConnection.OpenAsync(server.Host.Address);
            await first.SendAsync($"POST {client.Target} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n42[");
            await server.PostArrivesAsync(client.Sid);

            Assert.Equal((400, ""), Shown(await server.Host.AskAsync("POST", client.Target, "3"u8.ToArray())));

            Assert.Equal("", await first.ReadToEndAsync());
            Assert.Equal("transport error", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A29_of_fifty_polls_at_once_one_gets_the_end_and_every_other_a_refusal()
    {
        await using (var client = await JoinAsync())
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.Host.GetAsync(client.Target)));

            Assert.Equal((200, "1"), Shown(Assert.Single(replies, reply => reply.Status == 200)));
            Assert.Equal(49, replies.Count(reply => reply.Status == 400));
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A30_a_poll_whose_client_vanishes_ends_the_session_so_that_no_message_is_lost_on_one_that_lives()
    {
        await using (var client = await JoinAsync())
        {
            await using (var poll = await RawConnection.OpenAsync(server.Host.Address))
            {
                await poll.SendAsync(Requests.Bytes("GET", client.Target));
                await server.PollArrivesAsync(client.Sid);
            }

            Assert.Equal("transport error", await server.ReasonAsync(client.SocketId));
            Assert.Equal((400, Reply.UnknownSession), Shown(await server.Host.AskAsync("POST", client.Target, Message.Payload("""427["ping"]"""))));
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A31_sessions_that_nobody_comes_back_to_end_by_themselves()
    {
        for (var i = 0; i < 300; i++) Assert.Equal(200, (await server.Host.GetAsync(Requests.Polling)).Status);

        await server.AdvanceAsync(TimeSpan.FromSeconds(45));
        await Eventually.TrueAsync(() => server.OpenSessions == 1, "they have ended");
        // Nobody polls their farewell either: CloseTimeout.
        await server.AdvanceAsync(TimeSpan.FromSeconds(5));

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A32_an_answer_that_nobody_reads_is_given_up_after_SendTimeout()
    {
        await using (var client = await JoinAsync())
        {
            var timers = server.Host.Time.ArmedTimers;
            await client.PushAsync("""42["flood"]""");
            await using var poll = await RawConnection.OpenAsync(server.Host.Address);
            await poll.SendAsync(Requests.Bytes("GET", client.Target));
            await Eventually.TrueAsync(() => server.Host.Time.ArmedTimers > timers, "the answer is being written");

            await server.AdvanceAsync(TimeSpan.FromSeconds(10));

            Assert.Equal("transport error", await server.ReasonAsync(client.SocketId));
            await poll.ReadToEndAsync();
        }

        await server.AssertQuietAsync();
    }

    private async Task<PollingAttacker> JoinAsync() => (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true);

    private static (int Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);

    /// <summary>With an event that makes the server send more than a connection holds.</summary>
    public sealed class Server : AttackedServer
    {
        private static readonly string Flood = new('x', 30_000_000);

        protected override void Declare(SocketEndpointBuilder io)
        {
            base.Declare(io);
            io.On("flood", (ISocket socket) => socket.EmitAsync("flood", Flood).AsTask());
        }
    }
}

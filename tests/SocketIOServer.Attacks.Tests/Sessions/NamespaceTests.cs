using System.Globalization;

namespace SocketIOServer.Attacks.Tests.Sessions;

/// <summary>ATTACKS A65 to A71 and A73: clients that join too much, too often, or go while they are judged.</summary>
public sealed class NamespaceTests(NamespaceTests.Server server) : IClassFixture<NamespaceTests.Server>
{
    // On Node each of them ran the middleware, and each was a socket.
    [Theory]
    [InlineData("40/slow,", "40/slow,")]
    [InlineData("40/slow", "40/slow,{}")]
    [InlineData("40/slow,", """42/slow,["x"]""")]
    [InlineData("40/slow,", "41/slow,")]
    public Task A65_a_second_packet_while_the_first_connect_is_judged_ends_the_connection(params string[] messages) =>
        server.AttackAsync(Outcome.ForcedClose, messages);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A66_a_connection_without_a_namespace_ends_after_ConnectTimeout(bool isPolling)
    {
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            await client.PushAsync("41");
            Assert.Equal("client namespace disconnect", await server.ReasonAsync(client.SocketId));

            await server.AdvanceAsync(TimeSpan.FromSeconds(10));
            await Eventually.TrueAsync(() => server.OpenSessions == 1, "its session is closed");
        }

        // The end of a polling session waits for CloseTimeout to be polled.
        await server.AdvanceAsync(TimeSpan.FromSeconds(5));
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A67_as_many_refusals_as_MaxNamespaces_end_the_connection(bool isPolling)
    {
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            var (replies, end) = await client.SendAsync([.. Enumerable.Range(0, 200).Select(i => $"40/{i},")]);

            Assert.Equal(client.EndFor(Outcome.ForcedClose), end);
            Assert.Equal("forced close", await server.ReasonAsync(client.SocketId));
            // What was queued for a polling client goes with its session.
            Assert.Equal(isPolling ? 0 : 100, replies.Split('␞', StringSplitOptions.RemoveEmptyEntries).Length);
        }

        await server.AssertQuietAsync();
    }

    // On Node they were never freed.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A68_namespaces_that_clients_name_are_counted_and_go_with_them(bool isPolling)
    {
        for (var round = 0; round < 3; round++)
        {
            await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
            {
                var first = (round * 1_000).ToString(CultureInfo.InvariantCulture);
                var (_, end) = await client.SendAsync([.. Enumerable.Range(0, 200).Select(i => $"40/game-{first}-{i},")]);

                // "/" is one of the hundred.
                Assert.Equal(client.EndFor(Outcome.ForcedClose), end);
                Assert.Equal("forced close", await server.ReasonAsync(client.SocketId));
            }

            await server.AssertQuietAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A69_rooms_that_clients_name_go_with_them(bool isPolling)
    {
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            var (replies, end) = await client.SendAsync([.. Enumerable.Range(0, 2_000).Select(i => $"42[\"join\",\"room {i}\"]")]);

            Assert.Equal(("", "alive"), (replies, end));
            Assert.Equal(2_000, (await server.Host.Io.RoomsAsync()).Count);
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A70_questions_that_nobody_answers_end_with_their_time_or_their_client()
    {
        var clients = new List<Attacker>();
        for (var i = 0; i < 20; i++) clients.Add(await Attacker.OpenAsync(server.Host, isPolling: i % 2 == 0));
        foreach (var client in clients) await client.PushAsync("""427["ask"]""");
        await Eventually.TrueAsync(() => server.Handlers == 20, "all are asked");

        foreach (var client in clients.Take(10)) await client.DisposeAsync();
        await Eventually.TrueAsync(() => server.Handlers == 10, "who has gone is asked no more");
        await server.AdvanceAsync(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => server.Handlers == 0, "the others had their time");

        foreach (var client in clients.Skip(10))
        {
            Assert.Equal(("420[\"question\"]␞437[\"no answer\"]", "alive"), await client.SendAsync());
            await client.DisposeAsync();
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A71_who_goes_while_it_is_judged_never_connects(bool isPolling)
    {
        var before = server.SlowConnected;
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            await client.PushAsync("40/slow,");
            await Eventually.TrueAsync(() => server.Judging > 0, "it is judged");
        }

        await Eventually.TrueAsync(() => server.Judging == 0, "it is judged no more");
        await server.AssertQuietAsync();
        Assert.Equal(before, server.SlowConnected);
    }

    // CVE-2023-31125 and its kind: one such frame, unauthenticated, ended the process. A name that comes twice (A09) is two layers seeing two values.
    [Theory]
    [InlineData("40null")]
    [InlineData("40[]")]
    [InlineData("40\"x\"")]
    [InlineData("40true")]
    [InlineData("400")]
    [InlineData("40-1")]
    [InlineData("40{}{}")]
    [InlineData("40{\"a\"}")]
    [InlineData("40{a:1}")]
    [InlineData("""40{"token":"a","token":"b"}""")]
    [InlineData("40{\"a\":1,}")]
    [InlineData("40«{\"a\":×65»1«}×65»")]
    [InlineData("40«{\"a\":×100000»1«}×100000»")]
    public Task A73_credentials_that_are_no_object_are_refused(string message) => server.AttackAsync(Outcome.ParseError, [message], joins: false);

    [Theory]
    [InlineData("40{}")]
    [InlineData("""40{"pid":{},"offset":[]}""")]
    [InlineData("""40{"pid":1,"offset":"$"}""")]
    [InlineData("""40{"__proto__":{"token":"x"}}""")]
    [InlineData("""40{"t":"\udfff"}""")]
    [InlineData("""40{"token":"«x×900000»"}""")]
    [InlineData("""40{"a":[«0,×400000»0]}""")]
    public async Task A73_credentials_that_nobody_reads_do_no_harm(string message)
    {
        foreach (var isPolling in (bool[])[false, true])
        {
            await using (var client = await Attacker.OpenAsync(server.Host, isPolling, joins: false))
            {
                var (replies, end) = await client.SendAsync(message);

                Assert.Equal("alive", end);
                SocketIds.Of(replies);
            }

            await server.AssertQuietAsync();
        }
    }

    /// <summary>With a namespace that takes its time, namespaces of any name, and rooms.</summary>
    public sealed class Server : AttackedServer
    {
        private int _judging;
        private int _slowConnected;

        public int Judging => _judging;

        public int SlowConnected => _slowConnected;

        protected override void Configure(SocketServerOptions options) => options.ConnectTimeout = TimeSpan.FromSeconds(10);

        protected override void Declare(SocketEndpointBuilder io)
        {
            base.Declare(io);
            io.On("join", (ISocket socket, string room) => socket.JoinAsync(room).AsTask());
            io.OfAny(name => name.StartsWith("/game-", StringComparison.Ordinal)).On("x", () => { });
            io.Of("/slow").OnConnecting(JudgeAsync).OnConnected(() => Interlocked.Increment(ref _slowConnected));
        }

        private async Task JudgeAsync(ISocket socket, CancellationToken gone)
        {
            Interlocked.Increment(ref _judging);
            await socket.JoinAsync("early");
            await Task.Delay(Timeout.Infinite, gone).ContinueWith(static _ => { }, TaskScheduler.Default);
            await socket.JoinAsync("late");
            Interlocked.Decrement(ref _judging);
        }
    }
}

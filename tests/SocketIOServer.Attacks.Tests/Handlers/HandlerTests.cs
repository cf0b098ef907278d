namespace SocketIOServer.Attacks.Tests.Handlers;

/// <summary>ATTACKS A77, A78 and A81: handlers that end what calls them, names by the thousand, and packets that nobody knows.</summary>
public sealed class HandlerTests(HandlerTests.Server server) : IClassFixture<HandlerTests.Server>
{
    [Theory]
    [InlineData("41", "server namespace disconnect", "leave")]
    [InlineData("41", "server namespace disconnect", "leave twice")]
    [InlineData("41", "server namespace disconnect", "all leave")]
    [InlineData("41", "server namespace disconnect", "leave while leaving rooms")]
    public async Task A77_a_handler_may_end_what_calls_it(string reply, string reason, string name)
    {
        foreach (var isPolling in (bool[])[false, true])
        {
            await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
            {
                // What comes behind it finds no socket, and is no breach of the protocol.
                await client.PushAsync($"42[\"{name}\"]", """42["ping"]""");

                Assert.Equal(reason, await server.ReasonAsync(client.SocketId));
                var (replies, end) = await client.SendAsync("40");
                Assert.Equal("alive", end);
                Assert.Equal(reply, replies.Split('␞')[0]);
                SocketIds.Of(replies.Split('␞')[1]);
            }

            await server.AssertQuietAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A77_or_the_whole_connection(bool isPolling)
    {
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            await client.PushAsync("""42["close"]""");

            Assert.Equal("server namespace disconnect", await server.ReasonAsync(client.SocketId));
            await Eventually.TrueAsync(() => server.OpenSessions == 1, "the session is closed");
        }

        // The end of a polling session waits to be polled.
        await server.AdvanceAsync(TimeSpan.FromSeconds(5));
        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A77_forty_of_a_room_may_end_each_other()
    {
        var clients = new List<Attacker>();
        for (var i = 0; i < 40; i++) clients.Add(await Attacker.OpenAsync(server.Host, isPolling: false));
        await Task.WhenAll(clients.Select(client => client.PushAsync("""42["all leave"]""")));
        foreach (var client in clients) Assert.Equal("server namespace disconnect", await server.ReasonAsync(client.SocketId));

        foreach (var client in clients) await client.DisposeAsync();

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("same hash in a table of powers of two")]
    [InlineData("long common beginnings")]
    public Task A78_a_hundred_thousand_names_in_one_object_are_read_in_their_time(string kind)
    {
        var names = kind.StartsWith("long", StringComparison.Ordinal)
            ? Enumerable.Range(0, 9_000).Select(i => new string('k', 90) + i)
            : Enumerable.Range(0, 60_000).Select(i => ((long)i << 16).ToString("x", System.Globalization.CultureInfo.InvariantCulture));

        return server.AttackAsync("437[1]", [$"427[\"list\",[{{{string.Join(',', names.Select(name => $"\"{name}\":1"))}}}]]"]);
    }

    [Fact]
    public Task A81_packets_that_nobody_knows_hold_up_nothing() => server.AttackAsync(
        "431[{\"error\":\"no handler\"}]\u241e437[\"pong\"]",
        ["0{}", "6", "3", """42["unknown"]""", """42["unknown",{"a":[1,2,3]}]""", """421["unknown"]""", """43999["x"]""", "6x", "3probe", "5", """451-["unknown",{"_placeholder":true,"num":0}]""", "b:01", """427["ping"]"""]);

    /// <summary>With handlers that disconnect.</summary>
    public sealed class Server : AttackedServer
    {
        protected override void Declare(SocketEndpointBuilder io)
        {
            base.Declare(io);
            // The witness is not among them.
            io.On("leave", (ISocket socket) => socket.DisconnectAsync().AsTask())
                .On("leave twice", async (ISocket socket) =>
                {
                    await socket.DisconnectAsync();
                    await socket.DisconnectAsync();
                    await socket.EmitAsync("too late");
                    await socket.JoinAsync("too late");
                })
                .On("leave while leaving rooms", async (ISocket socket) =>
                {
                    for (var i = 0; i < 50; i++) await socket.JoinAsync($"room {i}");
                    await Task.WhenAll(socket.DisconnectAsync().AsTask(), socket.LeaveAsync([.. socket.Rooms]).AsTask());
                })
                .On("all leave", async (ISocket socket) =>
                {
                    await socket.JoinAsync("leaving");
                    await Host.Io.To("leaving").DisconnectAsync();
                    await socket.DisconnectAsync();
                })
                .On("close", (ISocket socket) => socket.DisconnectAsync(close: true).AsTask())
                .OnDisconnecting(async (ISocket socket) =>
                {
                    await socket.DisconnectAsync();
                    await socket.LeaveAsync([.. socket.Rooms]);
                    await Host.Io.To("leaving").LeaveAsync("leaving");
                });
        }
    }
}

using static Testkit.RawWebSocket;

namespace SocketIOServer.Attacks.Tests.WebSockets;

/// <summary>ATTACKS A53 to A56: clients that do not read, and what reaches those who do.</summary>
public sealed class SenderTests(SenderTests.Server server) : IClassFixture<SenderTests.Server>
{
    [Fact]
    public async Task A53_a_write_that_nobody_reads_is_given_up_after_SendTimeout()
    {
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling: false))
        {
            var timers = server.Host.Time.ArmedTimers;
            await client.PushAsync("""42["flood"]""");
            await Eventually.TrueAsync(() => server.Host.Time.ArmedTimers > timers, "the message is being written");

            await server.AdvanceAsync(TimeSpan.FromSeconds(10));

            Assert.Equal("transport close", await server.ReasonAsync(client.SocketId));
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A53_a_client_that_has_vanished_is_sent_nothing_more()
    {
        var client = await Attacker.OpenAsync(server.Host, isPolling: false);

        await client.DisposeAsync();

        Assert.Equal("transport close", await server.ReasonAsync(client.SocketId));
        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A54_a_client_that_does_not_read_is_closed_at_MaxQueuedBytes_and_the_others_get_all(bool isPolling)
    {
        await using (var slow = await Attacker.OpenAsync(server.Host, isPolling))
        await using (var reader = await OpenAsync(server.Host, Requests.WebSocket))
        {
            await reader.SendAsync(Frame(0x81, "40"));
            var id = SocketIds.Of((await reader.ReadAsync())[3..]);
            await slow.PushAsync("""42["join"]""");
            await reader.SendAsync(Frame(0x81, """427["join"]"""));
            Assert.Equal("81 437[]", await reader.ReadAsync());

            // A little more each time than what waits for nobody: the connection of the one that does not read holds some MB too.
            var text = new string('x', 200_000);
            var count = 0;
            while (server.ReasonOf(slow.SocketId) is null)
            {
                await server.Host.Io.To("crowd").EmitAsync("news", text);
                Assert.Equal($"81 42[\"news\",\"{text}\"]", await reader.ReadAsync());
                count++;
            }

            Assert.Equal("transport error", await server.ReasonAsync(slow.SocketId));
            Assert.InRange(count, 1_048_576 / 200_000, 1_000);
            Assert.Null(server.ReasonOf(id));
        }

        await server.AssertQuietAsync();
    }

    // Between a header and its attachments nothing may come, or the other end's parser breaks.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A55_packets_that_are_emitted_at_the_same_time_stay_whole(bool isPolling)
    {
        const int Each = 100;
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            await client.PushAsync("""42["join"]""");
            await server.Witness.EchoAsync();
            await Eventually.TrueAsync(() => server.Host.Io.RoomsAsync().Result.Count == 1, "it is in the room");
            await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < Each; i++) await server.Host.Io.To("crowd").EmitAsync("data", (byte[])[(byte)writer], writer, (byte[])[(byte)i, (byte)writer]);
            })));

            var (replies, end) = await client.SendAsync();

            Assert.Equal("alive", end);
            var packets = replies.Split('␞');
            Assert.Equal(8 * Each * 3, packets.Length);
            var next = new int[8];
            foreach (var packet in packets.Chunk(3))
            {
                var writer = int.Parse(packet[1].AsSpan(2), System.Globalization.NumberStyles.HexNumber, null);
                Assert.Equal($$"""452-["data",{"_placeholder":true,"num":0},{{writer}},{"_placeholder":true,"num":1}]""", packet[0]);
                Assert.Equal($"b:{next[writer]++:x2}{writer:x2}", packet[2]);
            }

            Assert.All(next, count => Assert.Equal(Each, count));
        }

        await server.AssertQuietAsync();
    }

    // CVE-2016-10518 and CVE-2026-45736: what is sent behind something longer must not end in its rest.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A56_nothing_of_earlier_messages_is_sent(bool isPolling)
    {
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            Assert.Equal(("437[\"" + new string('s', 90_000) + "\"]", "alive"), await client.SendAsync("427[\"text\",\"" + new string('s', 90_000) + "\"]"));

            foreach (var length in (int[])[0, 1, 2, 3, 118, 119, 120, 125, 126, 127, 128, 1_000, 4_095, 4_096, 4_097, 65_520, 65_535, 65_536, 65_537])
            {
                var text = new string('p', length);
                Assert.Equal(($"437[\"{text}\"]", "alive"), await client.SendAsync($"427[\"text\",\"{text}\"]"));
            }

            // A close frame too is what it says.
            Assert.Equal(("", client.EndFor(Outcome.ParseError)), await client.SendAsync("nonsense"));
        }

        await server.AssertQuietAsync();
    }

    /// <summary>With events that make the server send much.</summary>
    public sealed class Server : AttackedServer
    {
        private static readonly string Flood = new('x', 30_000_000);

        protected override void Declare(SocketEndpointBuilder io)
        {
            base.Declare(io);
            io.On("flood", (ISocket socket) => socket.EmitAsync("flood", Flood).AsTask());
            io.On("join", (ISocket socket) => socket.JoinAsync("crowd").AsTask());
        }
    }
}

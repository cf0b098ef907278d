using static Testkit.RawWebSocket;

namespace SocketIOServer.Attacks.Tests.Sessions;

/// <summary>ATTACKS A59 to A63: upgrades that race, that are given up, that nobody asked for; and the ids that they go by.</summary>
public sealed class UpgradeTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Fact]
    public async Task A59_polls_during_an_upgrade_end_with_a_noop_and_the_queue_moves_over()
    {
        await using (var client = await JoinAsync())
        {
            var poll = server.Host.GetAsync(client.Target);
            await server.PollArrivesAsync(client.Sid);
            await using var socket = await ProbeAsync(client);
            await socket.SendAsync(Frame(0x81, "2probe"));
            Assert.Equal("81 3probe", await socket.ReadAsync());
            Assert.Equal("6", (await poll).Body);

            var again = server.Host.GetAsync(client.Target);
            await server.PollArrivesAsync(client.Sid);
            // So long a poll gives the client's "5" to come.
            await server.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            Assert.Equal("6", (await again).Body);
            await client.PushAsync("""427["ping"]""", """428["ping"]""");
            await socket.SendAsync(Frame(0x81, "5"), Frame(0x81, """429["ping"]"""));

            foreach (var id in (int[])[7, 8, 9]) Assert.Equal($"81 43{id}[\"pong\"]", await socket.ReadAsync());
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("2probe")]
    public async Task A60_an_upgrade_that_does_not_go_on_is_ended_alone(string packet)
    {
        await using (var client = await JoinAsync())
        {
            await using var socket = await ProbeAsync(client);
            if (packet.Length > 0)
            {
                await socket.SendAsync(Frame(0x81, packet));
                Assert.Equal("81 3probe", await socket.ReadAsync());
            }

            await Eventually.TrueAsync(() => server.IsProbing(client.Sid), "the server waits for the probe");
            await server.AdvanceAsync(TimeSpan.FromSeconds(10));

            Assert.Equal("88 1000", await socket.ReadAsync());
            await server.StaysAsync(client);
        }

        await server.AssertQuietAsync();
    }

    // Some clients do; what was queued for polling must not be lost.
    [Fact]
    public async Task A61_an_upgrade_without_a_probe_takes_the_queue_with_it()
    {
        await using (var client = await JoinAsync())
        {
            await client.PushAsync("""427["ping"]""", """428["ping"]""");
            await using var socket = await ProbeAsync(client);
            await socket.SendAsync(Frame(0x81, "5"), Frame(0x81, """429["ping"]"""));

            foreach (var id in (int[])[7, 8, 9]) Assert.Equal($"81 43{id}[\"pong\"]", await socket.ReadAsync());
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2prob")]
    [InlineData("2probe2probe")]
    [InlineData("3probe")]
    [InlineData("40")]
    [InlineData("")]
    [InlineData("2«p×100»")]
    public async Task A61_what_is_no_probe_ends_the_upgrade_alone(string packet)
    {
        await using (var client = await JoinAsync())
        {
            await using var socket = await ProbeAsync(client);
            await socket.SendAsync(Frame(0x81, Message.Bytes(packet).AsSpan()));

            Assert.Equal("88 1000", await socket.ReadAsync());
            await server.StaysAsync(client);
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData(0xc1, "2probe", "88 1002")]
    [InlineData(0x83, "", "88 1002")]
    [InlineData(0x82, "2probe", "88 1000")]
    [InlineData(0x88, "", "88 1000")]
    public async Task A61_so_does_a_frame_that_breaks_the_rules(byte first, string text, string answer)
    {
        await using (var client = await JoinAsync())
        {
            await using var socket = await ProbeAsync(client);
            await socket.SendAsync(Frame(first, text));

            Assert.Equal(answer, await socket.ReadAsync());
            await server.StaysAsync(client);
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A61_a_second_WebSocket_of_a_session_is_closed_and_the_first_goes_on()
    {
        await using (var client = await JoinAsync())
        {
            await using var first = await ProbeAsync(client);
            await first.SendAsync(Frame(0x81, "2probe"));
            Assert.Equal("81 3probe", await first.ReadAsync());
            await using var second = await ProbeAsync(client);
            Assert.Equal("88 1000", await second.ReadAsync());

            await first.SendAsync(Frame(0x81, "5"), Frame(0x81, """427["ping"]"""));
            Assert.Equal("81 437[\"pong\"]", await first.ReadAsync());
            await using var third = await ProbeAsync(client);
            Assert.Equal("88 1000", await third.ReadAsync());
            await first.SendAsync(Frame(0x81, """428["ping"]"""));
            Assert.Equal("81 438[\"pong\"]", await first.ReadAsync());
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public void A62_ids_are_120_random_bits()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => EngineIO.SessionIds.CreateRandom()).ToHashSet();

        Assert.Equal(10_000, ids.Count);
        Assert.All(ids, id => Assert.Matches("^[A-Za-z0-9_-]{20}$", id));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A63_the_id_of_a_session_is_neither_its_sockets_nor_in_the_log(bool isPolling)
    {
        string sid, id;
        await using (var client = await Attacker.OpenAsync(server.Host, isPolling))
        {
            sid = client.Sid;
            id = client.SocketId;
            await client.SendAsync("nonsense");
        }

        await server.AssertQuietAsync();
        Assert.NotEqual(sid, id);
        Assert.DoesNotContain(server.Host.Log.Lines, line => line.Category.StartsWith("SocketIOServer", StringComparison.Ordinal) && line.Text.Contains(sid, StringComparison.Ordinal));
    }

    private async Task<PollingAttacker> JoinAsync() => (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true);

    private async Task<RawWebSocket> ProbeAsync(PollingAttacker client) =>
        new(await UpgradeAsync(server.Host, client.Target.Replace("polling", "websocket", StringComparison.Ordinal)));
}

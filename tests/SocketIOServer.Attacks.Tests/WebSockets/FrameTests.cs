using System.Globalization;
using static Testkit.RawWebSocket;

namespace SocketIOServer.Attacks.Tests.WebSockets;

/// <summary>ATTACKS A45 to A49 and A57: frames that lie, that are too many, that never end.</summary>
public sealed class FrameTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private const string TooBig = "88 1009";
    private const string Broken = "88 1002";

    [Theory]
    [InlineData("83 80 00000000")] // reserved opcodes
    [InlineData("87 80 00000000")]
    [InlineData("8b 80 00000000")]
    [InlineData("8f 80 00000000")]
    [InlineData("c1 80 00000000")] // reserved bits
    [InlineData("a1 80 00000000")]
    [InlineData("91 80 00000000")]
    [InlineData("f1 80 00000000")]
    [InlineData("c9 80 00000000")]
    [InlineData("81 00")] // no mask
    [InlineData("81 02 3430")]
    [InlineData("80 80 00000000")] // a continuation of nothing
    [InlineData("00 80 00000000")]
    [InlineData("01 81 00000000 34 81 80 00000000")] // a message within a message
    [InlineData("01 81 00000000 34 02 80 00000000")]
    [InlineData("09 80 00000000")] // a control frame in parts
    [InlineData("08 80 00000000")]
    [InlineData("89 fe 007e 00000000")] // or too long
    [InlineData("88 fe 007e 00000000")]
    [InlineData("81 fe 0001 00000000 34")] // a length in more bytes than it needs
    [InlineData("81 fe 007d 00000000")]
    [InlineData("81 ff 000000000000007e 00000000")]
    [InlineData("81 ff 000000000000ffff 00000000")]
    [InlineData("82 ff ffffffffffffffff 00000000")] // or below zero
    [InlineData("82 ff 8000000000000000 00000000")]
    public Task A47_a_frame_that_breaks_the_rules_is_answered_with_1002(string hex) => AttackAsync(Broken, Convert.FromHexString(Packed(hex)));

    [Theory]
    [InlineData("82 ff 7fffffffffffffff 00000000")]
    [InlineData("81 ff 00000000000f4241 00000000")] // one byte more than MaxPayload
    [InlineData("82 ff 0000000100000000 00000000")]
    [InlineData("01 81 00000000 34 80 ff 7fffffffffffffff 00000000")]
    [InlineData("01 81 00000000 34 80 ff 00000000000f4240 00000000")]
    public Task A47_a_length_beyond_MaxPayload_is_answered_before_its_bytes_come(string hex) => AttackAsync(TooBig, Convert.FromHexString(Packed(hex)));

    [Theory]
    [InlineData(1_000_000, "81 4")]
    [InlineData(1_000_001, TooBig)]
    [InlineData(1_100_000, TooBig)]
    public async Task A47_a_message_may_have_MaxPayload_bytes(int bytes, string answer)
    {
        await using (var socket = await JoinAsync())
        {
            await socket.SendAsync(Frame(0x81, $"""427["text","{new string('x', bytes - 14)}"]"""));

            Assert.StartsWith(answer, await socket.ReadAsync(), StringComparison.Ordinal);
        }

        await server.AssertQuietAsync();
    }

    // CVE-2026-48779: each costs something, and the size never grows.
    [Theory]
    [InlineData(20_000, 0)]
    [InlineData(20_000, 1)]
    public async Task A45_a_message_in_more_fragments_than_allowed_is_refused(int count, int length)
    {
        var fragment = Frame(0x00, new string('x', length));
        await AttackAsync(TooBig, [.. Frame(0x01, "4"), .. Enumerable.Repeat(fragment, count).SelectMany(bytes => bytes)]);
    }

    [Fact]
    public async Task A45_control_frames_between_fragments_are_no_fragments()
    {
        await using (var socket = await JoinAsync())
        {
            await socket.SendAsync([Frame(0x01, "427[\"pi"), .. Enumerable.Repeat(Frame(0x8a, ""), 20_000), Frame(0x00, ""), Frame(0x80, "ng\"]")]);

            Assert.Equal("81 437[\"pong\"]", await socket.ReadAsync());
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A46_a_message_that_never_ends_is_cut_off_whatever_comes_between()
    {
        await using (var socket = await JoinAsync())
        {
            var timers = server.Host.Time.ArmedTimers;
            await socket.SendAsync(Frame(0x01, "4"));
            await Eventually.TrueAsync(() => server.Host.Time.ArmedTimers > timers, "the server waits for the rest");

            for (var i = 0; i < 5; i++)
            {
                await server.AdvanceAsync(TimeSpan.FromSeconds(5));
                await socket.SendAsync(Frame(0x00, "x"), Frame(0x89, "ping"));
                Assert.Equal("8a ping", await socket.ReadAsync(notText: "2"));
            }

            await server.AdvanceAsync(TimeSpan.FromSeconds(5));
            await socket.Raw.ReadToEndAsync();
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("")]
    [InlineData("789c4bcc4b2901")]
    public Task A48_compressed_frames_are_refused_where_nobody_agreed_to_them(string hex) => AttackAsync(Broken, Frame(0xc1, Convert.FromHexString(hex)));

    [Fact]
    public async Task A49_a_flood_of_pings_is_answered_and_harms_nobody()
    {
        await using (var socket = await JoinAsync())
        {
            var pings = Enumerable.Repeat(Frame(0x89, "flood"), 70_000).SelectMany(bytes => bytes).ToArray();
            await socket.SendAsync(pings);
            await server.Witness.EchoAsync();
            await socket.SendAsync(Frame(0x81, "427[\"ping\"]"));

            // Only the latest of the pings must be answered. RFC 6455, 5.5.3.
            string frame;
            while ((frame = await socket.ReadAsync()) == "8a flood")
            {
            }

            Assert.Equal("81 437[\"pong\"]", frame);
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A49_pongs_and_what_comes_behind_a_close_are_passed_over()
    {
        await using (var socket = await JoinAsync())
        {
            await socket.SendAsync([.. Enumerable.Repeat(Frame(0x8a, "pong"), 50_000), Frame(0x81, "427[\"ping\"]")]);
            Assert.Equal("81 437[\"pong\"]", await socket.ReadAsync());

            await socket.SendAsync([.. Enumerable.Repeat(Frame(0x88, ""), 1_000), Frame(0x81, "427[\"ping\"]")]);

            Assert.Equal("88 1000", await socket.ReadAsync());
            await socket.Raw.ReadToEndAsync();
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("88 1000", "")]
    [InlineData("88 1000", "03e8")]
    [InlineData("88 1000", "03e9627965")]
    [InlineData("88 1000", "0bb8")]
    [InlineData("88 1000", "1387")]
    [InlineData(Broken, "03")]
    [InlineData(Broken, "0000")]
    [InlineData(Broken, "03e7")]
    [InlineData(Broken, "03ec")] // 1004 to 1006 and 1015 are never sent
    [InlineData(Broken, "03ed")]
    [InlineData(Broken, "03ee")]
    [InlineData(Broken, "03f7")]
    [InlineData(Broken, "07d0")]
    [InlineData(Broken, "1388")]
    [InlineData(Broken, "ffff")]
    [InlineData("88 1007", "03e8ff")]
    [InlineData("88 1007", "03e8eda080")]
    public async Task A57_a_close_frame_is_answered_by_its_payload(string answer, string hex)
    {
        await AttackAsync(answer, Frame(0x88, Convert.FromHexString(hex)));
    }

    [Fact]
    public async Task A57_a_client_that_never_answers_our_close_is_cut_off_after_CloseTimeout()
    {
        await using (var socket = await JoinAsync())
        {
            await socket.SendAsync(Frame(0x81, "nonsense"));
            Assert.Equal("88 1000", await socket.ReadAsync());

            await server.AdvanceAsync(TimeSpan.FromSeconds(5));

            Assert.Equal("", await socket.Raw.ReadToEndAsync());
            Assert.True(socket.Raw.IsReset);
        }

        await server.AssertQuietAsync();
    }

    private async Task AttackAsync(string answer, byte[] bytes)
    {
        await using (var socket = await JoinAsync())
        {
            await socket.SendAsync(bytes);

            Assert.Equal(answer, await socket.ReadAsync());
            await server.Witness.EchoAsync();
        }

        await server.AssertQuietAsync();
    }

    private async Task<RawWebSocket> JoinAsync()
    {
        var socket = await OpenAsync(server.Host, Requests.WebSocket);
        await socket.SendAsync(Frame(0x81, "40"));
        SocketIds.Of((await socket.ReadAsync())[3..]);
        return socket;
    }

    private static string Packed(string hex) => hex.Replace(" ", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture);
}

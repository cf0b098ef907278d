using System.Text;
using static SocketIOServer.EngineIO.Tests.WebSockets.EngineWebSocket;
using static Testkit.RawWebSocket;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>RFC 6455 on the wire: what is a message, however it comes.</summary>
public sealed class FrameTests : EngineTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(124)]
    [InlineData(125)]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(200_000)]
    public async Task A_text_of_any_length_comes_back(int length)
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);
        var text = "4" + new string('x', length);

        await socket.SendAsync(Frame(0x81, text));

        Assert.Equal("81 " + text, await socket.ReadAsync());
    }

    [Fact]
    public async Task Bytes_that_come_one_by_one_are_the_same_message()
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        foreach (var one in (byte[])[.. Frame(0x81, "4für"), .. Frame(0x82, [1, 2, 3])]) await socket.SendAsync([one]);

        Assert.Equal("81 4für", await socket.ReadAsync());
        Assert.Equal("82 010203", await socket.ReadAsync());
    }

    [Fact]
    public async Task Many_messages_in_one_piece_are_many_messages_in_order()
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync([.. Enumerable.Range(0, 500).Select(i => Frame(0x81, $"4{i}"))]);

        for (var i = 0; i < 500; i++) Assert.Equal($"81 4{i}", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_also_where_a_letter_is_cut()
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);
        var text = Encoding.UTF8.GetBytes("4ü€😀");

        await socket.SendAsync([Frame(0x01, text.AsSpan(0, 2)), Frame(0x00, []), .. text[2..^1].Select(one => Frame(0x00, [one])), Frame(0x80, text.AsSpan(^1))]);

        Assert.Equal("81 4ü€😀", await socket.ReadAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    public async Task A_ping_gets_its_pong(string data)
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync(Frame(0x89, data));

        Assert.Equal("8a " + data, await socket.ReadAsync());
    }

    [Fact]
    public async Task Control_frames_may_stand_between_fragments()
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync(Frame(0x01, "4a"), Frame(0x89, new string('p', 125)), Frame(0x8a, "nobody asked"));
        Assert.Equal("8a " + new string('p', 125), await socket.ReadAsync());
        await socket.SendAsync(Frame(0x80, "b"));

        Assert.Equal("81 4ab", await socket.ReadAsync());
    }

    [Theory]
    [InlineData("81 00", "unmasked")]
    [InlineData("c1 81 00000000 34", "RSV1 without an extension")]
    [InlineData("a1 81 00000000 34", "RSV2")]
    [InlineData("91 81 00000000 34", "RSV3")]
    [InlineData("83 80 00000000", "opcode 3")]
    [InlineData("87 80 00000000", "opcode 7")]
    [InlineData("8b 80 00000000", "opcode 11")]
    [InlineData("8f 80 00000000", "opcode 15")]
    [InlineData("09 80 00000000", "a ping in fragments")]
    [InlineData("08 80 00000000", "a close in fragments")]
    [InlineData("89 fe 007e 00000000", "a ping of 126 bytes")]
    [InlineData("80 81 00000000 34", "a continuation of nothing")]
    [InlineData("01 81 00000000 34 81 81 00000000 34", "a message within a message")]
    [InlineData("81 fe 0001 00000000 34", "a short length written long")]
    [InlineData("81 ff 0000000000000001 00000000 34", "a short length written longer")]
    [InlineData("81 ff 8000000000000000 00000000", "a negative length")]
    [InlineData("88 81 00000000 03", "half a close code")]
    [InlineData("88 82 00000000 03e7", "close code 999")]
    [InlineData("88 82 00000000 03ec", "close code 1004")]
    [InlineData("88 82 00000000 03ed", "close code 1005")]
    [InlineData("88 82 00000000 03ee", "close code 1006")]
    [InlineData("88 82 00000000 03f7", "close code 1015")]
    [InlineData("88 82 00000000 0bb7", "close code 2999")]
    [InlineData("88 82 00000000 1388", "close code 5000")]
    public async Task Who_breaks_the_protocol_is_told_so(string hex, string what)
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.True(await socket.ReadAsync() == "88 1002", what);
        Assert.Equal("transport close", (await host.Single().Closed).Text);
        Assert.Empty(host.Single().Received);
    }

    [Theory]
    [InlineData("81 82 00000000 34ff")]
    [InlineData("81 83 00000000 34c3 28")]
    [InlineData("81 82 00000000 34c3")]
    [InlineData("81 84 00000000 34eda080")]
    [InlineData("81 85 00000000 34f4908080")]
    [InlineData("01 82 00000000 34c3 80 81 00000000 28")]
    [InlineData("88 83 00000000 03e8 ff")]
    public async Task Text_that_is_no_UTF8_ends_it(string hex)
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal("88 1007", await socket.ReadAsync());
        Assert.Empty(host.Single().Received);
    }

    [Theory]
    [InlineData("")]
    [InlineData("03e8")]
    [InlineData("03e9 6279 65")]
    [InlineData("03f4")]
    [InlineData("0bb8")]
    [InlineData("1387")]
    public async Task A_close_frame_is_answered(string hex)
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync(Frame(0x88, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

        Assert.Equal("88 1000", await socket.ReadAsync());
        Assert.Equal("", await socket.Raw.ReadToEndAsync());
        Assert.False(socket.Raw.IsReset);
    }

    [Fact]
    public async Task A_length_without_an_end_is_refused_before_its_bytes_come()
    {
        var host = await StartAsync();
        await using var socket = await OpenAsync(host);

        await socket.SendAsync([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

        Assert.Equal("88 1009", await socket.ReadAsync());
        Assert.Equal("transport error (a message was larger than MaxPayload)", (await host.Single().Closed).ToString());
    }

    [Fact]
    public async Task Behind_a_message_that_was_too_large_the_close_frame_is_still_read()
    {
        var host = await StartAsync(options => options.MaxPayload = 1000);
        await using var socket = await OpenAsync(host);

        await socket.SendAsync(Frame(0x82, new byte[100_000]), Frame(0x01, "4more"), Frame(0x80, "4more"), Frame(0x89, ""), Frame(0x88, ""));

        var rest = await socket.Raw.ReadToEndAsync(Encoding.Latin1);
        Assert.EndsWith("\u0088\u0002\u0003\u00f1", rest, StringComparison.Ordinal);
        Assert.False(socket.Raw.IsReset);
        Assert.Empty(host.Single().Received);
    }
}

using System.IO.Compression;
using static SocketIOServer.EngineIO.Tests.WebSockets.EngineWebSocket;
using static Testkit.RawWebSocket;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>permessage-deflate on the wire. RFC 7692.</summary>
public sealed class DeflateTests : EngineTests
{
    private const string Offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

    [Fact]
    public async Task A_compressed_message_is_read_and_a_large_answer_is_compressed()
    {
        var (host, socket) = await StartAsync();
        var text = "4" + new string('x', 5000);

        await socket.SendAsync(Frame(0xc1, Compress(text)), Frame(0x81, "4plain"));

        var answer = await socket.ReadAsync();
        Assert.StartsWith("c1 ", answer, StringComparison.Ordinal);
        Assert.Equal(text, Inflate(answer[3..]));
        Assert.Equal("81 4plain", await socket.ReadAsync());
        Assert.Equal([text[1..], "plain"], host.Single().Received);
    }

    // RFC 7692, 7.2.3.1: the bytes of "Hello"; 7.2.3.4: a last block; 7.2.3.5: two blocks.
    [Theory]
    [InlineData("f248cdc9c90700")]
    [InlineData("f348cdc9c9070000")]
    [InlineData("f248050000 00ffff cac9c90700")]
    public async Task The_examples_of_the_RFC_are_read(string hex)
    {
        var (host, socket) = await StartAsync();

        await socket.SendAsync(Frame(0xc2, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

        Assert.Equal("82 48656c6c6f", await socket.ReadAsync());
        Assert.True(host.Single().Session.IsOpen);
    }

    [Fact]
    public async Task A_compressed_message_may_come_in_fragments_with_the_bit_on_the_first()
    {
        var (_, socket) = await StartAsync();
        var data = Compress("4" + new string('x', 500));

        await socket.SendAsync(Frame(0x41, data.AsSpan(0, 3)), Frame(0x80, data.AsSpan(3)));

        Assert.Equal("81 4" + new string('x', 500), await socket.ReadAsync());
    }

    [Fact]
    public async Task Each_message_is_compressed_by_itself()
    {
        var (_, socket) = await StartAsync();
        var text = "4" + new string('x', 5000);

        await socket.SendAsync(Frame(0x81, text), Frame(0x81, text));

        Assert.Equal(await socket.ReadAsync(), await socket.ReadAsync());
    }

    [Fact]
    public async Task A_message_to_many_is_compressed_once()
    {
        var (host, first) = await StartAsync();
        var second = await OpenAsync(host, Offer);
        var old = await UpgradeAsync(host, Target.Replace("EIO=4", "EIO=3", StringComparison.Ordinal), Offer);
        var third = new RawWebSocket(old);
        Assert.StartsWith("81 0{", await third.ReadAsync(), StringComparison.Ordinal);
        var text = "4" + new string('x', 5000);
        var message = new OutgoingMessage(System.Text.Encoding.UTF8.GetBytes(text), [new byte[3000]]);

        foreach (var client in host.All) client.Session.Send(message);

        foreach (var socket in (RawWebSocket[])[first, second, third])
        {
            Assert.Equal(text, Inflate((await socket.ReadAsync())[3..]));
            var isOld = socket == third;
            // The older revision puts the type in front, so its frame is another one.
            Assert.Equal((isOld ? "\u0004" : "") + new string('\0', 3000), Inflate((await socket.ReadAsync())[3..]));
        }

        // Made already, for all.
        Assert.All([0, 1], index => Assert.NotEmpty(message.Compressed(index, _ => throw new InvalidOperationException())));
    }

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("07")]
    public async Task What_does_not_inflate_ends_it(string hex)
    {
        var (host, socket) = await StartAsync();

        await socket.SendAsync(Frame(0xc1, Convert.FromHexString(hex)));

        Assert.Equal("88 1007", await socket.ReadAsync());
        Assert.Empty(host.Single().Received);
    }

    [Fact]
    public async Task The_bit_on_a_continuation_or_a_ping_breaks_the_protocol()
    {
        var (_, socket) = await StartAsync();

        await socket.SendAsync(Frame(0x01, "4"), Frame(0xc0, "x"));

        Assert.Equal("88 1002", await socket.ReadAsync());
    }

    // 200 KB that become 200 MB. ATTACKS A48.
    [Fact]
    public async Task A_bomb_is_not_inflated_to_its_end()
    {
        var (host, socket) = await StartAsync();

        await socket.SendAsync(Frame(0xc2, Compress(new byte[200_000_000])));

        Assert.Equal("88 1009", await socket.ReadAsync());
        Assert.Equal("transport error (a message was larger than MaxPayload)", (await host.Single().Closed).ToString());
    }

    [Theory]
    [InlineData("permessage-deflate; server_max_window_bits=10", false)]
    [InlineData("permessage-deflate; server_max_window_bits=10, permessage-deflate", true)]
    [InlineData("permessage-deflate; server_max_window_bits=15", true)]
    [InlineData("x-webkit-deflate-frame", false)]
    public async Task An_offer_is_taken_that_can_be_kept(string offer, bool isTaken)
    {
        var (_, socket) = await StartAsync($"Sec-WebSocket-Extensions: {offer}\r\n");

        await socket.SendAsync(Frame(0x81, "4" + new string('x', 5000)));

        Assert.StartsWith(isTaken ? "c1 " : "81 ", await socket.ReadAsync(), StringComparison.Ordinal);
    }

    private async Task<(EngineHost Host, RawWebSocket Socket)> StartAsync(string offer = Offer)
    {
        var host = await StartAsync(options => options.WebSocketCompression = true);
        return (host, await OpenAsync(host, offer));
    }

    private static byte[] Compress(string text) => Compress(System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Compress(byte[] data)
    {
        using var output = new MemoryStream();
        using var deflater = new DeflateStream(output, CompressionLevel.Optimal);
        deflater.Write(data);
        deflater.Flush();
        return output.ToArray()[..^4];
    }

    private static string Inflate(string hex)
    {
        using var input = new MemoryStream([.. Convert.FromHexString(hex), 0, 0, 0xff, 0xff, 3, 0]);
        using var inflater = new DeflateStream(input, CompressionMode.Decompress);
        using var reader = new StreamReader(inflater);
        return reader.ReadToEnd();
    }
}

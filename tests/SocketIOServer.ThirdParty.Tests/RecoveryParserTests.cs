using System.Text;

namespace SocketIOServer.ThirdParty.Tests;

/// <summary>Recovery with a parser from outside.</summary>
public sealed class RecoveryParserTests
{
    [Fact]
    public async Task A_parser_that_writes_texts_as_they_are_can_be_used()
    {
        await using var host = await TestHost.StartAsync(options: options => (options.Recovery, options.Parser) = (new(), new LineParser()));
        await using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("4CONNECT / -  ");
        Assert.Contains("\"pid\":", await client.ReadAsync(), StringComparison.Ordinal);

        await host.Io.EmitAsync("news", 1);

        Assert.Matches("^4EVENT / -  \\[\"news\",1,\"[A-Za-z0-9_-]{14}\"\\]$", await client.ReadAsync());
    }

    [Fact]
    public async Task A_parser_that_hides_texts_is_refused_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(options: options => (options.Recovery, options.Parser) = (new(), new HidingParser())));

        Assert.Contains("Recovery", refused.Message, StringComparison.Ordinal);
    }

    private sealed class HidingParser : PacketParser
    {
        public override PacketDecoder CreateDecoder(PacketLimits limits) => new Decoder(limits);

        public override OutgoingMessage Write(SocketPacketType type, ReadOnlySpan<byte> @namespace, long id, ReadOnlySpan<byte> json, byte[][] attachments) =>
            OutgoingMessage.FromText(Encoding.ASCII.GetBytes(Convert.ToBase64String(json)));

        private sealed class Decoder(PacketLimits limits) : PacketDecoder(limits)
        {
            public override DecodeResult Add(ReadOnlyMemory<byte> data, bool isBinary, out SocketPacket packet) =>
                TryCreate(SocketPacketType.Event, default, SocketPacket.NoId, Convert.FromBase64String(Encoding.ASCII.GetString(data.Span)), [], out packet)
                    ? DecodeResult.Complete
                    : DecodeResult.Invalid;
        }
    }
}

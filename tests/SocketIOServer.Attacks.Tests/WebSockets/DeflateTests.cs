using SocketIOServer.EngineIO.Transports.WebSockets;
using static Testkit.RawWebSocket;

namespace SocketIOServer.Attacks.Tests.WebSockets;

/// <summary>ATTACKS A48: compressed messages, where they are agreed on.</summary>
public sealed class DeflateTests(DeflateTests.Server server) : IClassFixture<DeflateTests.Server>
{
    [Theory]
    [InlineData(1_000_001)]
    [InlineData(50_000_000)]
    public Task A48_a_bomb_is_inflated_no_further_than_MaxPayload(int bytes) => AttackAsync("88 1009", Frame(0xc2, Deflate.Compress(new byte[bytes])));

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("07")]
    [InlineData("ed")]
    [InlineData("78da4bcc4b2901")] // with a header of zlib
    public Task A48_what_cannot_be_inflated_is_refused(string hex) => AttackAsync("88 1007", Frame(0xc1, Convert.FromHexString(hex)));

    [Theory]
    [InlineData("c980000000 00")] // a compressed control frame
    [InlineData("0181000000 0034c080000000 00")] // a compressed continuation
    public Task A48_only_the_first_frame_of_a_message_says_that_it_is_compressed(string hex) =>
        AttackAsync("88 1002", Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    private async Task AttackAsync(string answer, byte[] bytes)
    {
        await using (var socket = await OpenAsync(server.Host, Requests.WebSocket, "Sec-WebSocket-Extensions: permessage-deflate\r\n"))
        {
            await socket.SendAsync(bytes);

            Assert.Equal(answer, await socket.ReadAsync());
            await server.Witness.EchoAsync();
        }

        await server.AssertQuietAsync();
    }

    /// <summary>With compression, which is off by default.</summary>
    public sealed class Server : AttackedServer
    {
        protected override void Configure(SocketServerOptions options) => options.WebSocketCompression = true;
    }
}

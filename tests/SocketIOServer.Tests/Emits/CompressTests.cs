using System.Buffers.Binary;
using System.Text;

namespace SocketIOServer.Tests.Emits;

/// <summary>Which events go out compressed (RFC 7692: the bit RSV1 of the frame) where client and server agreed to compress.</summary>
public sealed class CompressTests
{
    private const string Upgrade =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n";

    private static readonly string Large = new('x', 2000);

    [Fact]
    public async Task Large_events_are_compressed_but_for_those_that_say_no()
    {
        await using var host = await TestHost.StartAsync(
            io => io.OnConnected(async (ISocket socket, ISocketServer server) =>
            {
                await socket.EmitAsync("e", Large);
                await socket.EmitAsync("e", "small");
                await socket.Compress(false).EmitAsync("e", Large);
                await socket.Compress(true).EmitAsync("e", Large);
                await server.To(socket.Id).EmitAsync("e", Large);
                await server.Compress(false).To(socket.Id).EmitAsync("e", Large);
                await server.Compress(false).EmitAsync("e", new byte[2000]);
            }),
            options => options.WebSocketCompression = true);
        await using var raw = await RawConnection.OpenAsync(host.Address);
        await raw.SendAsync(Upgrade);
        await raw.ReadHeadAsync();
        // Masked with zeros.
        await raw.SendAsync([0x81, 0x82, 0, 0, 0, 0, .. "40"u8]);

        var marks = new StringBuilder();
        for (var i = 0; i < 10; i++) marks.Append(await ReadFrameAsync(raw) ? 'c' : '-');

        // The open packet, CONNECT, then the events; the last has an attachment.
        Assert.Equal("--c--cc---", marks.ToString());
    }

    // True: compressed.
    private static async Task<bool> ReadFrameAsync(RawConnection raw)
    {
        var head = await raw.ReadAsync(2);
        var length = head[1] == 126 ? BinaryPrimitives.ReadUInt16BigEndian(await raw.ReadAsync(2)) : head[1];
        await raw.ReadAsync(length);
        return (head[0] & 0x40) != 0;
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Testkit;

/// <summary>A WebSocket written frame by frame, in whatever pieces a test likes.</summary>
public sealed class RawWebSocket(RawConnection raw) : IAsyncDisposable
{
    private const string Upgrade =
        " HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n";

    private static readonly byte[] Key = [0x37, 0xfa, 0x21, 0x3d];

    public RawConnection Raw => raw;

    /// <summary>A session's WebSocket with its open packet read.</summary>
    public static async Task<RawWebSocket> OpenAsync(TestHost host, string target, string headers = "")
    {
        var socket = new RawWebSocket(await UpgradeAsync(host, target, headers));
        var open = await socket.ReadAsync();
        return open.StartsWith("81 0{", StringComparison.Ordinal) ? socket : throw new InvalidOperationException($"The first frame is {open}.");
    }

    /// <summary>A WebSocket with nothing read.</summary>
    public static async Task<RawConnection> UpgradeAsync(TestHost host, string target, string headers = "")
    {
        var raw = await RawConnection.OpenAsync(host.Address);
        await raw.SendAsync(Request(target, headers));
        var head = await raw.ReadHeadAsync();
        return head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) ? raw : throw new InvalidOperationException($"The answer is {head}.");
    }

    /// <summary>The request that asks for a WebSocket.</summary>
    public static string Request(string target, string headers = "") => $"GET {target}{Upgrade}{headers}\r\n";

    /// <param name="first">FIN, reserved bits and opcode.</param>
    /// <param name="data">Before it is masked.</param>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> data)
    {
        var masked = data.ToArray();
        for (var i = 0; i < masked.Length; i++) masked[i] ^= Key[i % 4];
        byte[] length = data.Length switch
        {
            < 126 => [(byte)(0x80 | data.Length)],
            <= ushort.MaxValue => [0xfe, (byte)(data.Length >> 8), (byte)data.Length],
            _ => [0xff, 0, 0, 0, 0, (byte)(data.Length >> 24), (byte)(data.Length >> 16), (byte)(data.Length >> 8), (byte)data.Length],
        };
        return [first, .. length, .. Key, .. masked];
    }

    public static byte[] Frame(byte first, string text) => Frame(first, Encoding.UTF8.GetBytes(text));

    public Task SendAsync(params byte[][] frames) => raw.SendAsync(frames.SelectMany(frame => frame).ToArray());

    /// <summary>The next frame: its first byte in hex and its text; of a close frame the code, of binary the hex.</summary>
    public async Task<string> ReadAsync()
    {
        var head = await raw.ReadAsync(2);
        if (head[1] >= 0x80) throw new InvalidOperationException("A server's frame has a mask.");
        var length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await raw.ReadAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await raw.ReadAsync(8)),
            var few => few,
        };
        var data = await raw.ReadAsync(length);
        return head[0] switch
        {
            0x88 => $"88 {(data.Length == 0 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(data))}",
            0x82 or 0xc1 or 0xc2 => $"{head[0]:x2} {Convert.ToHexStringLower(data)}",
            _ => $"{head[0]:x2} {Encoding.UTF8.GetString(data)}",
        };
    }

    public ValueTask DisposeAsync() => raw.DisposeAsync();
}

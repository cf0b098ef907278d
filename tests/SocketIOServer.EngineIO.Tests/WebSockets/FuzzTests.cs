using System.Buffers;
using System.Text;
using SocketIOServer.EngineIO.Transports.WebSockets;
using SocketIOServer.Protocol.Tests.Fuzz;
using static Testkit.RawWebSocket;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>Changed frames, plain and compressed: nothing throws, and nothing is kept beyond MaxPayload.</summary>
public sealed class FuzzTests
{
    private const int MaxPayload = 10_000;

    private static readonly byte[][] Plain =
    [
        [.. Frame(0x81, "4one"), .. Frame(0x89, "ping"), .. Frame(0x02, [1, 2]), .. Frame(0x8a, "pong"), .. Frame(0x80, [3])],
        [.. Frame(0x01, "4"), .. Frame(0x00, ""), .. Frame(0x80, "é")],
        [.. Frame(0x82, new byte[300]), .. Frame(0x81, "")],
        [.. Frame(0x88, [0x03, 0xe8, 0x62, 0x79, 0x65])],
    ];

    private static readonly byte[][] Deflated =
    [
        [.. Frame(0xc1, Deflate.Compress("4hello, hello, hello"u8)), .. Frame(0x81, "4")],
        [.. Frame(0xc2, Deflate.Compress(new byte[1_000]))],
        [.. Frame(0x41, Deflate.Compress("4 in two frames"u8).AsSpan(..6)), .. Frame(0x80, Deflate.Compress("4 in two frames"u8).AsSpan(6..))],
        [.. Frame(0xc1, Deflate.Compress(Encoding.UTF8.GetBytes(new string('é', 200))))],
    ];

    public static TheoryData<int> Seeds => FuzzRun.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Frames(int seed) => FuzzRun.Try(Plain, seed, 120_000, 8, static (input, _) => Read(input, isCompressed: false));

    // What the framework's inflater takes has nothing to do with the length of the input, but its output is bounded.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Compressed_frames(int seed) => FuzzRun.Try(
        [.. Deflated, .. Plain], seed, 30_000, 8, static (input, _) => Read(input, isCompressed: true), allocatedAnyway: 512 * 1024);

    // Whether at least one message was read and no rule broken.
    private static bool Read(ReadOnlyMemory<byte> input, bool isCompressed)
    {
        var reader = new MessageReader(new EngineOptions { MaxPayload = MaxPayload }, isCompressed);
        // Frames are unmasked where they lie.
        var buffer = new ReadOnlySequence<byte>(input.ToArray());
        var messages = 0;
        MessageKind kind;
        while ((kind = reader.TryRead(ref buffer)) != MessageKind.Incomplete)
        {
            if (kind == MessageKind.Violation) return false;
            Assert.True(reader.Data.Length <= MaxPayload, "more than MaxPayload");
            messages++;
            if (kind == MessageKind.Close) break;
        }

        reader.Release();
        return messages > 0;
    }
}

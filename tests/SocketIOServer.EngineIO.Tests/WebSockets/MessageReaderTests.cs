using System.Buffers;
using System.Globalization;
using System.Text;
using SocketIOServer.EngineIO.Transports.WebSockets;
using static Testkit.RawWebSocket;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>However the bytes are cut, the messages are the same; whatever the bytes are, nothing is thrown and little is kept.</summary>
public sealed class MessageReaderTests
{
    private static readonly byte[] Stream =
    [
        .. Frame(0x81, "4one"), .. Frame(0x89, "ping"), .. Frame(0x02, [1, 2]), .. Frame(0x8a, "pong"), .. Frame(0x00, []), .. Frame(0x80, [3]),
        .. Frame(0x81, ""), .. Frame(0x82, new byte[300]), .. Frame(0x81, new string('x', 70_000)), .. Frame(0x81, "4ü"), .. Frame(0x88, ""),
    ];

    [Fact]
    public void Cut_anywhere_the_messages_are_the_same()
    {
        var whole = Read([Stream]);

        for (var seed = 0; seed < 300; seed++) Assert.Equal(whole, Read(Cut(Stream, new(seed))));
    }

    [Fact]
    public void All_of_it_was_read()
    {
        Assert.Equal(
            ["Text 4one", "Ping ping", "Binary 010203", "Text ", "Binary " + new string('0', 600), "Text " + new string('x', 70_000), "Text 4ü", "Close "],
            Read([Stream]));
    }

    [Fact]
    public void Changed_bytes_never_throw_and_are_never_kept_beyond_the_limit()
    {
        for (var seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var bytes = Stream.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) bytes[random.Next(random.Next(2) == 0 ? 60 : bytes.Length)] = (byte)random.Next(256);

            Assert.All(Read(Cut(bytes, random), maxPayload: 80_000), read => Assert.True(read.Length <= 2 * 80_000 + 10));
        }
    }

    [Fact]
    public void A_mask_is_taken_off_at_any_offset_and_length()
    {
        var random = new Random(1);
        for (var length = 0; length < 70; length++)
        {
            for (var offset = 0; offset < 9; offset++)
            {
                var data = new byte[length];
                random.NextBytes(data);
                byte[] key = [1, 2, 3, 4];
                var expected = data.Select((one, i) => (byte)(one ^ key[(i + offset) % 4])).ToArray();

                Mask.Remove(data, BitConverter.ToUInt32(key), offset);

                Assert.Equal(expected, data);
            }
        }
    }

    // What a connection does with what it reads, until nothing more can be.
    private static List<string> Read(List<byte[]> pieces, int maxPayload = 1_000_000)
    {
        var reader = new MessageReader(new EngineOptions { MaxPayload = maxPayload }, isCompressed: false);
        var read = new List<string>();
        byte[] left = [];
        foreach (var piece in pieces)
        {
            var buffer = Sequence(left, piece.ToArray());
            MessageKind kind;
            while ((kind = reader.TryRead(ref buffer)) != MessageKind.Incomplete)
            {
                read.Add(string.Create(CultureInfo.InvariantCulture, $"{kind} {(kind == MessageKind.Binary ? Convert.ToHexStringLower(reader.Data.Span) : Encoding.UTF8.GetString(kind is MessageKind.Text or MessageKind.Ping ? reader.Data.Span : []))}"));
                if (kind is MessageKind.Violation or MessageKind.Close) return read;
            }

            left = buffer.ToArray();
            Assert.True(left.Length < 14 + 125, "only a header or a control frame waits in the pipe");
        }

        return read;
    }

    private static List<byte[]> Cut(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        var longest = random.Next(1, random.Next(2) == 0 ? 8 : 40_000);
        for (var at = 0; at < bytes.Length;)
        {
            var count = Math.Min(random.Next(1, longest + 1), bytes.Length - at);
            pieces.Add(bytes[at..(at + count)]);
            at += count;
            // Bytes one by one are seen in the head of the stream; the rest need not take minutes.
            if (longest < 8 && pieces.Count > 500) longest = 5_000;
        }

        return pieces;
    }

    // In two segments, as a pipe has them.
    private static ReadOnlySequence<byte> Sequence(byte[] first, byte[] second)
    {
        if (first.Length == 0) return new(second);
        var start = new Segment(first);
        return new(start, 0, start.Append(second), second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] data) => Memory = data;

        public Segment Append(byte[] data)
        {
            var next = new Segment(data) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}

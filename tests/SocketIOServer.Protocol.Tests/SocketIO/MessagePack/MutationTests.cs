using static SocketIOServer.Protocol.Tests.Decoding;
using static SocketIOServer.Protocol.Tests.SocketIO.MessagePack.Packed;

namespace SocketIOServer.Protocol.Tests.SocketIO.MessagePack;

/// <summary>Bytes as an attacker may send them: never an exception, never more memory than the bytes are worth.</summary>
public sealed class MutationTests
{
    // Small arrays, objects and the growth of a list; and JSON at six times the length, in a buffer that doubles, and its copy.
    private const long Fixed = 16 * 1024;
    private const long PerByte = 40;

    public static TheoryData<string> Packets =>
    [
        "82 a474797065 00 a36e7370 a12f",
        "85 a474797065 02 a464617461 92a16107 a76f7074696f6e73 81a8636f6d7072657373c3 a26964 00 a36e7370 a12f",
        "84 a474797065 02 a464617461 98 a178 81a162c4020102 d70000000174876e807b d40000 cb3ff8000000000000 fd ce00011170 a2c3a9 a76f7074696f6e73 81a8636f6d7072657373c3 a36e7370 a12f",
        "84 a474797065 03 a26964 cd0100 a464617461 95 c701000a d90161 dc000101 de0001a161d300000000000000ff ca3fc00000 a36e7370 a52f63686174",
    ];

    [Theory]
    [MemberData(nameof(Packets))]
    public void Only_the_whole_packet_is_one(string hex)
    {
        var bytes = Wire.Hex(hex);

        Assert.NotEqual(Invalid, Decode(bytes));
        Assert.All(Enumerable.Range(0, bytes.Length), length => Assert.Equal(Invalid, Decode(bytes[..length])));
        Assert.Equal(Invalid, Decode([.. bytes, 0xc0]));
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void Every_byte_may_be_any_other(string hex)
    {
        var bytes = Wire.Hex(hex);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            for (var value = 0; value <= byte.MaxValue; value++)
            {
                changed[i] = (byte)value;
                AssertModest(changed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void Many_bytes_may_be_others(string hex)
    {
        var bytes = Wire.Hex(hex);
        var random = new Random(bytes.Length);
        for (var round = 0; round < 20_000; round++)
        {
            var changed = bytes.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            AssertModest(changed);
        }
    }

    [Fact]
    public void A_packet_that_was_understood_is_written_and_read_as_the_same()
    {
        var random = new Random(7);
        var understood = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var value = new byte[random.Next(1, 24)];
            random.NextBytes(value);
            if (!TryRead([.. Wire.Hex(Event("")), .. value], out var packet)) continue;
            understood++;
            byte[][] attachments = [.. packet.Attachments.Select(data => data.ToArray())];
            var again = PacketParser.MessagePack.Write(packet.Type, packet.Namespace.Span, packet.Id, packet.Json.Span, attachments);
            Assert.Equal(Show(packet), Decode(again.Head.Bytes));
        }

        Assert.InRange(understood, 500, 20_000);
    }

    private static void AssertModest(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        TryRead(bytes, out _);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Fixed + PerByte * bytes.Length);
    }
}

using static SocketIOServer.Protocol.Tests.Decoding;
using static SocketIOServer.Protocol.Tests.SocketIO.MessagePack.Packed;

namespace SocketIOServer.Protocol.Tests.SocketIO.MessagePack;

/// <summary>What is no packet, or too much of one: refused without an exception and before anything is allocated for it.</summary>
public sealed class RefusedTests
{
    private const string Placeholder = "82 ac5f706c616365686f6c646572 c3 a36e756d 00";

    public static TheoryData<string> Broken =>
    [
        "", "c0", "00", "90", "80", "a161", "c1", "ff",
        // No type, no namespace, no data.
        "81 a36e7370 a12f", "81 a474797065 01", "82 a474797065 02 a36e7370 a12f", "83 a474797065 02 a36e7370 a12f a464617461 c0",
        "83 a474797065 02 a36e7370 a12f a464617461 d40000",
        // Types that there are not, or that are none.
        "83 a474797065 07 a36e7370 a12f a464617461 91a165", "83 a474797065 ff a36e7370 a12f a464617461 91a165",
        "83 a474797065 a132 a36e7370 a12f a464617461 91a165", "83 a474797065 cb4000000000000000 a36e7370 a12f a464617461 91a165",
        "83 a474797065 cfffffffffffffffff a36e7370 a12f a464617461 91a165", "83 a474797065 c0 a36e7370 a12f a464617461 91a165",
        "83 a474797065 9102 a36e7370 a12f a464617461 91a165",
        // Namespaces.
        "83 a474797065 02 a36e7370 a0 a464617461 91a165", "83 a474797065 02 a36e7370 a161 a464617461 91a165",
        "83 a474797065 02 a36e7370 c0 a464617461 91a165", "83 a474797065 02 a36e7370 2f a464617461 91a165",
        "83 a474797065 02 a36e7370 c4012f a464617461 91a165", "83 a474797065 02 a36e7370 a22fff a464617461 91a165",
        "83 a474797065 02 a36e7370 a42f612c62 a464617461 91a165",
        // Ids.
        "84 a474797065 02 a36e7370 a12f a26964 ff a464617461 91a165", "84 a474797065 02 a36e7370 a12f a26964 a131 a464617461 91a165",
        "84 a474797065 02 a36e7370 a12f a26964 cf0020000000000000 a464617461 91a165", "84 a474797065 02 a36e7370 a12f a26964 cb3ff0000000000000 a464617461 91a165",
        "84 a474797065 02 a36e7370 a12f a26964 cfffffffffffffffff a464617461 91a165",
        // The data of another type of packet.
        "83 a474797065 00 a36e7370 a12f a464617461 90", "83 a474797065 00 a36e7370 a12f a464617461 a161", "83 a474797065 01 a36e7370 a12f a464617461 80",
        "83 a474797065 02 a36e7370 a12f a464617461 90", "83 a474797065 02 a36e7370 a12f a464617461 91c0", "83 a474797065 02 a36e7370 a12f a464617461 9180",
        "83 a474797065 02 a36e7370 a12f a464617461 80", "83 a474797065 02 a36e7370 a12f a464617461 a165",
        "83 a474797065 03 a36e7370 a12f a464617461 90", "84 a474797065 03 a36e7370 a12f a26964 00 a464617461 80", "83 a474797065 03 a36e7370 a12f a26964 00",
        "83 a474797065 04 a36e7370 a12f a464617461 80", "83 a474797065 04 a36e7370 a12f a464617461 a26e6f",
        // A reserved name: "connect".
        "83 a474797065 02 a36e7370 a12f a464617461 91a7636f6e6e656374",
        // Binary where there is no place for it.
        "83 a474797065 00 a36e7370 a12f a464617461 81a161c40101", "83 a474797065 02 a36e7370 a12f a464617461 91c40101",
        // A part that is there twice: two readers might take different ones (ATTACKS A9).
        "84 a474797065 03 a474797065 02 a36e7370 a12f a464617461 91a165", "84 a36e7370 a22f78 a474797065 02 a36e7370 a12f a464617461 91a165",
        "84 a464617461 c3 a474797065 02 a36e7370 a12f a464617461 91a165", "85 a26964 c0 a26964 01 a474797065 02 a36e7370 a12f a464617461 91a165",
        // Keys that are no text; more than one value; less than one.
        "83 01 02 a36e7370 a12f a464617461 91a165", "83 a474797065 02 a36e7370 a12f a464617461 91a165 00", "84 a474797065 02 a36e7370 a12f a464617461 91a165",
        "82 a474797065 01 a36e7370 a12f 80",
        // Lengths that are not there.
        "df ffffffff", "de ffff", "8f", "83 a474797065 02 a36e7370 a12f a464617461 dd ffffffff", "83 dbffffffff",
    ];

    public static TheoryData<string> BrokenValues =>
    [
        "c1", "8101c0", "81c0c0", "81c40161c0", "8190c0", "81d40000c0",
        // Not UTF-8: a stray byte, overlong, a surrogate, above the last character; as value and as key.
        "a1ff", "a180", "a2c080", "a3eda080", "a4f4908080", "81a1ffc0",
        // Extensions that notepack.io 2 does not have.
        "d40001", "d40100", "d4ff00", "d500 0000", "d600 00000000", "d6ff 00000000", "d7ff 0000000000000000", "d701 0000000000000000",
        "d800 00000000000000000000000000000000", "c7 01 01 00", "c7 0c ff 000000000000000000000000", "c8 0001 01 00", "c9 00000001 ff 00",
        // Lengths that are not there.
        "a2 61", "d902 61", "da0002 61", "dbffffffff", "dbfffffffe61", "c402 01", "c50002 01", "c6ffffffff", "c67fffffff01",
        "c7ff00", "c8ffff00", "c9ffffffff00", "9201", "dcffff", "ddffffffff", "dd7fffffff00", "8201", "deffff", "dfffffffff", "df80000000a161c0",
        "ca000000", "cb00000000000000", "cc", "cd00", "ce000000", "cf00000000000000", "d0", "d100", "d2000000", "d300000000000000", "d4", "d400", "d700", "d70000000000000000",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_packet_is_refused(string hex) => Assert.Equal(Invalid, Decode(hex));

    [Theory]
    [MemberData(nameof(BrokenValues))]
    public void A_broken_value_is_refused_wherever_it_stands(string value)
    {
        Assert.Equal(Invalid, Decode(Event(value)));
        Assert.Equal(Invalid, Decode($"83 a474797065 00 a36e7370 a12f a464617461 81a161 {value}"));
        Assert.Equal(Invalid, Decode($"84 a474797065 03 a36e7370 a12f a26964 00 a464617461 92 {value} 00"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("2[\"e\"]")]
    [InlineData("""{"type":0,"nsp":"/"}""")]
    public void Text_is_refused(string text) => Assert.Equal(Invalid, DecodeText(text, PacketParser.MessagePack));

    [Theory]
    [InlineData(1)]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000_000)]
    public void Data_may_be_as_deep_as_JSON_may(int depth)
    {
        // The argument list itself is one level.
        var expected = depth <= 63;

        Assert.Equal(expected, Decode(Event(Repeat("91", depth - 1) + "90")) != Invalid);
        Assert.Equal(expected, Decode(Event(Repeat("81a161", depth - 1) + "80")) != Invalid);
    }

    [Fact]
    public void The_depth_that_is_allowed_may_be_more_than_the_stack_holds()
    {
        var limits = Limits with { MaxJsonDepth = 10_000_000, MaxPacketBytes = 100_000_000 };

        Assert.Equal(Invalid, Decode(Event(Repeat("91", 2_000_000) + "90"), limits));
    }

    // Nobody reads it, so nobody counts.
    [Fact]
    public void What_is_passed_over_may_be_deep()
    {
        var deep = Repeat("91", 100_000) + "90";

        Assert.Equal("2/,[\"e\"]", Decode($"84 a474797065 02 a36e7370 a12f a178 {deep} a464617461 91a165"));
        Assert.Equal(Invalid, Decode($"84 a474797065 02 a36e7370 a12f a178 {Repeat("91", 100_000)} a464617461 91a165"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Binary_arguments_have_a_limit(int count, bool isValid)
    {
        var hex = Event($"dc{count:x4}{Repeat("c40101", count)}");

        Assert.Equal(isValid, Decode(hex) != Invalid);
        Assert.Equal(count <= 2, Decode(hex, Limits with { MaxAttachments = 2 }) != Invalid);
    }

    [Fact]
    public void A_packet_has_a_limit_in_bytes()
    {
        var hex = Event("c3");
        var length = Wire.Hex(hex).Length;

        Assert.NotEqual(Invalid, Decode(hex, Limits with { MaxPacketBytes = length }));
        Assert.Equal(Invalid, Decode(hex, Limits with { MaxPacketBytes = length - 1 }));
    }

    // Beside real binary nobody could tell it from one; alone it names nothing and is an object like any other.
    [Fact]
    public void A_forged_placeholder_is_refused_beside_binary_and_an_object_without()
    {
        Assert.Equal("""{"_placeholder":true,"num":0}""", DecodeValue(Placeholder));
        Assert.Equal(Invalid, DecodeValue($"92 {Placeholder} c40101"));
        Assert.Equal(Invalid, DecodeValue($"92 c40101 {Placeholder}"));
        Assert.Equal(Invalid, DecodeValue($"92 c40101 91 81a161 {Placeholder}"));
        Assert.Equal(Invalid, DecodeValue("92 c40101 83 ac5f706c616365686f6c646572 c3 a161 90 a36e756d 00"));
        Assert.NotEqual(Invalid, DecodeValue("92 c40101 81 ac5f706c616365686f6c646572 c2"));
        Assert.NotEqual(Invalid, DecodeValue("92 c40101 81 ac5f706c616365686f6c646572 91c3"));
    }

    // The worst there is: of one byte of text six bytes of JSON.
    [Fact]
    public void JSON_is_at_most_six_times_as_long()
    {
        var hex = $"db{100_000:x8}{Repeat("01", 100_000)}";

        Assert.Equal(600_002, DecodeValue(hex).Length);
    }

    private static string Repeat(string hex, int count) => string.Concat(Enumerable.Repeat(hex, count));
}

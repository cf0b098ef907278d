using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

/// <summary>Engine.IO 3, polling, binary form: <c>00|01, digits of the length in bytes as 0 to 9, ff, the packet</c>, repeated.</summary>
public sealed class PayloadV3BinaryTests
{
    private static readonly EngineProtocol V3 = EngineProtocol.V3;

    // The body, and the packets in it; true in both directions.
    public static TheoryData<string, string[]> Table => new()
    {
        { "00 06 ff 34 68 65 6c 6c 6f", ["4hello"] },
        { "00 06 ff 34 68 65 6c 6c 6f 01 05 ff 04 01 02 03 04", ["4hello", "b:01020304"] },
        { "01 05 ff 04 01 02 03 04", ["b:01020304"] },
        { "01 01 ff 04", ["b:"] },
        { "00 01 ff 34", ["4"] },
        { "00 01 ff 31", ["1"] },
        { "00 06 ff 33 70 72 6f 62 65", ["3probe"] },
        // Bytes, not UTF-16 units: a euro is three, an emoji four.
        { "00 04 ff 34 e2 82 ac", ["4€"] },
        { "00 05 ff 34 f0 9f 98 80 00 01 ff 32", ["4😀", "2"] },
        { "00 03 ff 34 c3 a9", ["4é"] },
        // Double encoding is a matter of the text form; here the same bytes are what they seem.
        { "00 05 ff 34 c3 83 c2 a9", ["4Ã©"] },
        { "00 01 00 ff 34 61 62 63 64 65 66 67 68 69", ["4abcdefghi"] },
        { "01 01 00 ff 04 ff 01 00 00 00 00 00 00 ff", ["b:FF01000000000000FF"] },
    };

    public static TheoryData<string, string[]> Broken => new()
    {
        { "", [] },
        { "00", [] },
        { "00 01", [] },
        { "00 ff", [] },
        { "00 ff 34", [] },
        { "00 00 ff", [] },
        { "00 00 ff 34", [] },
        { "01 00 ff", [] },
        { "02 01 ff 34", [] },
        { "ff 01 ff 34", [] },
        { "00 02 ff 34", [] },
        { "00 01 ff", [] },
        { "00 0a ff 34", [] },
        { "00 31 ff 34", [] },
        { "00 c8 ff 34", [] },
        { "00 01 34 34 34", [] },
        { "00 09 09 09 09 09 09 09 09 09 ff 34", [] },
        { "00 00 00 00 00 00 00 00 00 00 01 ff 34", [] },
        { "00 01 ff 37", [] },
        { "00 02 ff 62 34", [] },
        { "00 02 ff 34 ff", [] },
        { "00 04 ff 34 ed a0 80", [] },
        { "00 03 ff 34 c0 80", [] },
        { "00 03 ff 34 e2 82", [] },
        { "01 01 ff 34", [] },
        { "01 02 ff 03 01", [] },
        { "01 02 ff 02 01", [] },
        { "00 01 ff 34 00", ["4"] },
        { "00 01 ff 34 01 01 ff 05", ["4"] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_body_is_read_as_its_packets(string hex, string[] packets) =>
        Assert.Equal(packets, Read(hex));

    [Theory]
    [MemberData(nameof(Table))]
    public void Packets_are_written_as_their_body(string hex, string[] packets)
    {
        var body = Wire.WriteBody(V3, PayloadForm.Binary, out var isBinary, Wire.Batch(packets));

        Assert.Equal(hex, Spaced(body));
        Assert.True(isBinary);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_body_is_refused_where_it_breaks(string hex, string[] before) =>
        Assert.Equal([.. before, Wire.Refused], Read(hex));

    [Fact]
    public void A_length_may_have_leading_zeros() =>
        Assert.Equal(["4"], Read("00 00 00 00 00 00 00 00 00 01 ff 34"));

    [Theory]
    [InlineData("4ascii", (int)PayloadForm.Either, "36 3a 34 61 73 63 69 69")]
    [InlineData("4ascii", (int)PayloadForm.Text, "36 3a 34 61 73 63 69 69")]
    [InlineData("4ascii", (int)PayloadForm.Binary, "00 06 ff 34 61 73 63 69 69")]
    [InlineData("4é", (int)PayloadForm.Either, "00 03 ff 34 c3 a9")]
    [InlineData("4é", (int)PayloadForm.Text, "32 3a 34 c3 a9")]
    [InlineData("b:01", (int)PayloadForm.Either, "01 02 ff 04 01")]
    [InlineData("b:01", (int)PayloadForm.Text, "36 3a 62 34 41 51 3d 3d")]
    public void The_form_is_chosen_by_the_client_and_by_the_batch(string packet, int form, string hex)
    {
        var body = Wire.WriteBody(V3, (PayloadForm)form, out var isBinary, Wire.Message(packet));

        Assert.Equal(hex, Spaced(body));
        Assert.Equal(hex[0] == '0', isBinary);
    }

    [Fact]
    public void One_binary_packet_makes_the_whole_batch_binary()
    {
        var body = Wire.WriteBody(V3, PayloadForm.Either, out var isBinary, Wire.Message("2"), Wire.Message("451-[]", "b:07"));

        Assert.Equal("00 01 ff 32 00 06 ff 34 35 31 2d 5b 5d 01 02 ff 04 07", Spaced(body));
        Assert.True(isBinary);
    }

    [Fact]
    public void Json_stays_in_the_text_form_because_it_can_be_ASCII()
    {
        var body = Wire.WriteBody(V3, PayloadForm.Either, out var isBinary, Wire.JsonMessage("42[\"é\"]"));

        Assert.Equal(Wire.Utf8("12:42[\"\\u00e9\"]"), body);
        Assert.False(isBinary);
    }

    [Fact]
    public void Json_in_the_binary_form_is_not_escaped()
    {
        var body = Wire.WriteBody(V3, PayloadForm.Binary, out _, Wire.JsonMessage("4\"é\""));

        Assert.Equal("00 05 ff 34 22 c3 a9 22", Spaced(body));
    }

    private static string[] Read(string hex) => Wire.ReadBody(V3, Wire.Hex(hex), isBinary: true, Wire.NewEncoding());

    private static string Spaced(byte[] bytes) => string.Join(' ', bytes.Select(b => Convert.ToHexStringLower([b])));
}

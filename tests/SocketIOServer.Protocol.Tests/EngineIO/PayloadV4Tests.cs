using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

public sealed class PayloadV4Tests
{
    private static readonly EngineProtocol V4 = EngineProtocol.V4;

    // The body, and the packets in it; true in both directions.
    public static TheoryData<string, string[]> Table => new()
    {
        { "4hello", ["4hello"] },
        { "4", ["4"] },
        { "0{\"sid\":\"x\"}", ["0{\"sid\":\"x\"}"] },
        { "1", ["1"] },
        { "2", ["2"] },
        { "2probe", ["2probe"] },
        { "3", ["3"] },
        { "3probe", ["3probe"] },
        { "5", ["5"] },
        { "6", ["6"] },
        { "4hello\u001e4world", ["4hello", "4world"] },
        { "4hello\u001e2\u001e4€", ["4hello", "2", "4€"] },
        { "4😀\u001e4é", ["4😀", "4é"] },
        { "4a\0b\nc\u2028", ["4a\0b\nc\u2028"] },
        { "4b", ["4b"] },
        { "4Ã©", ["4Ã©"] },
        { "bAQIDBA==", ["b:01020304"] },
        { "bAQID", ["b:010203"] },
        { "bAQI=", ["b:0102"] },
        { "b", ["b:"] },
        { "b+/+/", ["b:FBFFBF"] },
        { "4hello\u001ebAQIDBA==", ["4hello", "b:01020304"] },
        { "bAQ==\u001ebAg==\u001e4x", ["b:01", "b:02", "4x"] },
        { "b\u001eb", ["b:", "b:"] },
    };

    // What is broken, and what had been read before that was seen.
    public static TheoryData<string, string[]> Broken => new()
    {
        { "", [] },
        { "\u001e", [] },
        { "\u001e4a", [] },
        { "4a\u001e", [] },
        { "4a\u001e\u001e4b", ["4a"] },
        { "4a\u001e4b\u001e", ["4a"] },
        { "4a\u001e7", ["4a"] },
        { "7", [] },
        { "8x", [] },
        { "9", [] },
        { "/", [] },
        { ":", [] },
        { "x", [] },
        { "٤hello", [] },
        { " 4hello", [] },
        { "\ufeff4hello", [] },
        { "B", [] },
        { "-1", [] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_body_is_read_as_its_packets(string body, string[] packets) =>
        Assert.Equal(packets, Wire.ReadBody(V4, body));

    [Theory]
    [MemberData(nameof(Table))]
    public void Packets_are_written_as_their_body(string body, string[] packets) =>
        Assert.Equal(body, Wire.WriteText(V4, Wire.Batch(packets)));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_body_is_refused_where_it_breaks(string body, string[] before) =>
        Assert.Equal([.. before, Wire.Refused], Wire.ReadBody(V4, body));

    [Fact]
    public void A_separator_at_the_end_is_refused_before_the_packet_in_front_of_it()
    {
        ReadOnlyMemory<byte> body = Wire.Utf8("4a\u001e");

        Assert.False(V4.TryReadPayload(ref body, isBinaryBody: false, Wire.NewEncoding(), out _));
    }

    [Theory]
    [InlineData("4hello")]
    [InlineData("\0\u0006\u00ff4hello")]
    [InlineData("")]
    public void A_binary_body_is_refused_whatever_is_in_it(string body) =>
        Assert.Equal([Wire.Refused], Wire.ReadBody(V4, Encoding.Latin1.GetBytes(body), isBinary: true, Wire.NewEncoding()));

    [Theory]
    [InlineData((int)PayloadForm.Text)]
    [InlineData((int)PayloadForm.Either)]
    [InlineData((int)PayloadForm.Binary)]
    public void There_is_one_form_only(int form)
    {
        var body = Wire.WriteBody(V4, (PayloadForm)form, out var isBinary, Wire.Message("4€"), Wire.Message("b:01"));

        Assert.Equal("4€\u001ebAQ==", Encoding.UTF8.GetString(body));
        Assert.False(isBinary);
    }

    [Fact]
    public void Attachments_follow_their_head()
    {
        var batch = new[] { Wire.JsonMessage("451-[\"é\"]", "b:01", "b:02"), Wire.Message("2") };

        Assert.Equal("451-[\"é\"]\u001ebAQ==\u001ebAg==\u001e2", Wire.WriteText(V4, batch));
    }

    [Fact]
    public void An_empty_batch_is_an_empty_body() => Assert.Equal("", Wire.WriteText(V4));
}

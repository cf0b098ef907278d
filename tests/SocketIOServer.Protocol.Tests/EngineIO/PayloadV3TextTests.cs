using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

/// <summary>Engine.IO 3, polling, text form: <c>&lt;length in UTF-16 units&gt;:&lt;packet&gt;</c>, repeated.</summary>
public sealed class PayloadV3TextTests
{
    private static readonly EngineProtocol V3 = EngineProtocol.V3;

    // The body, and the packets in it; true in both directions.
    public static TheoryData<string, string[]> Table => new()
    {
        { "6:4hello", ["4hello"] },
        { "1:4", ["4"] },
        { "1:1", ["1"] },
        { "1:2", ["2"] },
        { "6:2probe", ["2probe"] },
        { "1:3", ["3"] },
        { "6:3probe", ["3probe"] },
        { "1:5", ["5"] },
        { "1:6", ["6"] },
        { "13:0{\"sid\":\"ab\"}", ["0{\"sid\":\"ab\"}"] },
        { "6:4hello2:4€", ["4hello", "4€"] },
        { "2:4é2:4€", ["4é", "4€"] },
        { "3:4😀", ["4😀"] },
        { "7:4a😀b😀1:2", ["4a😀b😀", "2"] },
        { "4:4€é日2:4x", ["4€é日", "4x"] },
        { "4:41:23:412", ["41:2", "412"] },
        { "3:4\0\n", ["4\0\n"] },
        { "10:b4AQIDBA==", ["b:01020304"] },
        { "6:b4AQID", ["b:010203"] },
        { "2:b4", ["b:"] },
        { "6:4hello6:b4AQ==1:2", ["4hello", "b:01", "2"] },
    };

    // Read, but never written.
    public static TheoryData<string, string[]> ReadOnlyTable => new()
    {
        { "06:4hello", ["4hello"] },
        { "000000006:4hello", ["4hello"] },
        // Double-encoded by client 1.x: one character a byte of UTF-8, and so is its length.
        { "4:4â\u0082¬", ["4€"] },
        { "3:4Ã©", ["4é"] },
        { "5:4ð\u009f\u0098\u0080", ["4😀"] },
        { "3:4Ã©4:4â\u0082¬", ["4é", "4€"] },
    };

    public static TheoryData<string, string[]> Broken => new()
    {
        { "", [] },
        { ":", [] },
        { ":4a", [] },
        { "2", [] },
        { "6", [] },
        { "6:", [] },
        { "4hello", [] },
        { "-1:4a", [] },
        { "+1:4", [] },
        { " 1:4", [] },
        { "1 :4", [] },
        { "1.0:4", [] },
        { "1e0:4", [] },
        { "0x1:4", [] },
        { "٣:4ab", [] },
        { "0:", [] },
        { "0:4", [] },
        { "3:4a", [] },
        { "1:42:", ["4"] },
        { "2:4a3:4b", ["4a"] },
        { "999999999:4a", [] },
        { "9999999999:4a", [] },
        { "0000000001:4", [] },
        { "2:4😀", [] },
        { "4:4😀", [] },
        { "1:7", [] },
        { "2:xx", [] },
        { "1:b", [] },
        { "2:b2", [] },
        { "6:b0AQ==", [] },
        { "5:b4AQ=", [] },
        { "1:4\u001e1:4", ["4"] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    [MemberData(nameof(ReadOnlyTable))]
    public void A_body_is_read_as_its_packets(string body, string[] packets) =>
        Assert.Equal(packets, Wire.ReadBody(V3, body));

    [Theory]
    [MemberData(nameof(Table))]
    public void Packets_are_written_as_their_body(string body, string[] packets) =>
        Assert.Equal(body, Wire.WriteText(V3, Wire.Batch(packets)));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_body_is_refused_where_it_breaks(string body, string[] before) =>
        Assert.Equal([.. before, Wire.Refused], Wire.ReadBody(V3, body));

    // PROTOCOL 1.6: in ASCII a character is a byte, and then client 1.x and 2.x read the same.
    [Theory]
    [InlineData("42[\"€\"]", "12:42[\"\\u20ac\"]")]
    [InlineData("42[\"é\"]", "12:42[\"\\u00e9\"]")]
    [InlineData("42[\"😀\"]", "18:42[\"\\ud83d\\ude00\"]")]
    [InlineData("42[\"a\u007f\u0080\uffff\"]", "20:42[\"a\u007f\\u0080\\uffff\"]")]
    [InlineData("42[\"ascii\"]", "11:42[\"ascii\"]")]
    public void Json_is_written_in_ASCII(string packet, string body) =>
        Assert.Equal(body, Wire.WriteText(V3, Wire.JsonMessage(packet)));

    [Theory]
    [InlineData("42[\"é€日😀\u0080\uffff\"]")]
    public void Json_in_ASCII_says_the_same(string packet)
    {
        var body = Wire.WriteText(V3, Wire.JsonMessage(packet));

        var json = System.Text.Json.JsonDocument.Parse(Wire.ReadBody(V3, body).Single()[2..]);

        Assert.Equal("é€日😀\u0080\uffff", json.RootElement[0].GetString());
    }

    [Fact]
    public void A_text_that_is_no_json_is_written_as_it_is() =>
        Assert.Equal("8:42/é,[1]", Wire.WriteText(V3, Wire.Message("42/é,[1]")));

    [Fact]
    public void Attachments_follow_their_head_in_base64() =>
        Assert.Equal(
            "14:451-[\"\\u00e9\"]6:b4AQ==6:b4Ag==1:2",
            Wire.WriteText(V3, Wire.JsonMessage("451-[\"é\"]", "b:01", "b:02"), Wire.Message("2")));

    [Fact]
    public void The_ASCII_of_a_shared_message_is_made_once()
    {
        var message = Wire.JsonMessage("42[\"é\"]");

        Assert.Same(message.AsciiHead(), message.AsciiHead());
        Assert.Equal("42[\"\\u00e9\"]", Encoding.UTF8.GetString(message.AsciiHead()!));
    }

    [Fact]
    public void What_is_ASCII_already_is_not_copied()
    {
        var message = Wire.JsonMessage("42[\"e\"]");

        Assert.Same(message.Head.Bytes, message.AsciiHead());
    }

    [Fact]
    public void What_is_no_json_has_no_other_ASCII() => Assert.Null(Wire.Message("42/é,[1]").AsciiHead());
}

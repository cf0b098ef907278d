using System.Text;
using SocketIOServer.Protocol.SocketIO;
using static SocketIOServer.Protocol.Tests.Decoding;

namespace SocketIOServer.Protocol.Tests.SocketIO;

/// <summary>Which payload each kind of packet may have. PROTOCOL 2.1; where the reference is laxer, that is said.</summary>
public sealed class ValidityTests
{
    // What a client may say, and how it is understood.
    public static TheoryData<string, string> Valid => new()
    {
        { "0/chat", "0/chat," },
        { "0{}", "0{}" },
        { "0 {} ", "0 {} " },
        { "0{\"a\":[[{}]]}", "0{\"a\":[[{}]]}" },
        { "1/chat", "1/chat," },
        { "2[\"e\"]", "2[\"e\"]" },
        { "2[ \"e\" , 1 ]\n", "2[ \"e\" , 1 ]\n" },
        // The reference takes the blank for id 0 (Number(" ") is 0 in JavaScript); here it is the JSON's.
        { "2 [\"e\"]", "2 [\"e\"]" },
        { "2007[\"e\"]", "27[\"e\"]" },
        { "2/,7[\"e\"]", "2/,7[\"e\"]" },
        { "2[\"\"]", "2[\"\"]" },
        { "2[1]", "2[1]" },
        { "2[-1.5e3,1]", "2[-1.5e3,1]" },
        { "2[\"error\"]", "2[\"error\"]" },
        { "2[\"message\"]", "2[\"message\"]" },
        { "2[\"__proto__\"]", "2[\"__proto__\"]" },
        { "2[\"Connect\"]", "2[\"Connect\"]" },
        { "2[\"connect \"]", "2[\"connect \"]" },
        { "2[\"connected\"]", "2[\"connected\"]" },
        { "2[\"reconnect\"]", "2[\"reconnect\"]" },
        { "2[\"e\",\"connect\"]", "2[\"e\",\"connect\"]" },
        { "30[]", "30[]" },
        { "37[null]", "37[null]" },
        { "37[\"connect\"]", "37[\"connect\"]" },
        { "3/chat,7[1]", "3/chat,7[1]" },
    };

    public static TheoryData<string> Broken =>
    [
        "", " ", "x", "7", "٢[\"e\"]",
        "0[]", "0\"x\"", "0null", "01[]", "0true", "0{", "0{}{}", "0{}x", "0{'a':1}", "0{\"a\":1,}", "0{//\n}", "0,", "0chat",
        "1{}", "1[]", "1null", "1 ", "1/chat,{}", "1,",
        "2", "2/chat", "2/chat,", "27", "2[]", "2[null]", "2[true]", "2[{}]", "2[[]]", "2[[\"e\"]]", "2{}", "2\"x\"", "2null", "2\"e\",1",
        "2[\"e\"", "2[\"e\",", "2[\"e\",]", "2[,\"e\"]", "2[\"e\"]]", "2[\"e\"][\"e\"]", "2[\"e\"] x", "2[\"e]", "2['e']", "2[e]", "2[\"e\" 1]",
        "2[01]", "2[+1]", "2[.5]", "2[NaN]", "2[\"e\",NaN]", "2[\"e\",undefined]", "2[\"e\",/*c*/1]", "2[\"e\\x\"]", "2[\"\\u12\"]", "2[\"a\nb\"]",
        "2[\"e\"]\0", "2\ufeff[\"e\"]", "2abc[\"e\"]", "2-1[\"e\"]", "2+1[\"e\"]", "21e3[\"e\"]", "2٣[\"e\"]", "21/chat,[\"e\"]",
        "2/chat[\"e\"]",
        "3", "3[]", "3[1]", "37", "37{}", "37null", "37\"x\"", "37[", "37[]]", "3/chat,[]", "3/chat,7",
        "4", "4{}", "4\"no\"", "4{\"message\":\"no\"}", "4/chat,\"no\"",
    ];

    // socket.io-parser, RESERVED_EVENTS.
    public static TheoryData<string> Reserved =>
    [
        "\"connect\"", "\"connect_error\"", "\"disconnect\"", "\"disconnecting\"", "\"newListener\"", "\"removeListener\"",
        "\"\\u0063onnect\"", "\"dis\\u0063onnect\"", "\"new\\u004cistener\"",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_valid_packet_is_understood(string text, string packet) => Assert.Equal(packet, Decode(text));

    [Theory]
    [MemberData(nameof(Broken))]
    public void An_invalid_packet_is_refused(string text) => Assert.Equal(Invalid, Decode(text));

    [Theory]
    [MemberData(nameof(Reserved))]
    public void A_reserved_name_is_refused_however_it_is_written(string name)
    {
        Assert.Equal(Invalid, Decode($"2[{name}]"));
        Assert.Equal(Invalid, Decode($"2/chat,7[ {name} ,1]"));
        Assert.Equal(Invalid, Decode($"51-[{name}]"));
    }

    [Theory]
    [InlineData("2[\"hi\",1]", "hi", ",1]")]
    [InlineData("2[ \"hi\" , 1]", "hi", " , 1]")]
    [InlineData("2[\"hi\"]", "hi", "]")]
    [InlineData("2[\"\"]", "", "]")]
    [InlineData("2[\"é😀\",1]", "é😀", ",1]")]
    [InlineData("2[\"\\u00e9\\\"\\n\",1]", "é\"\n", ",1]")]
    [InlineData("2[\"\\ud83d\\ude00\"]", "😀", "]")]
    [InlineData("2[\"\\ud83d\"]", "\ufffd", "]")]
    [InlineData("2[42,1]", "42", ",1]")]
    [InlineData("2[-0,1]", "-0", ",1]")]
    [InlineData("2[1e999]", "1e999", "]")]
    public void An_event_has_a_name_and_the_rest(string text, string name, string rest)
    {
        var packet = Packet(text);

        Assert.Equal(name, Encoding.UTF8.GetString(packet.Name.Span));
        Assert.Equal(rest, Encoding.UTF8.GetString(packet.Json.Span[packet.ArgumentsStart..]));
    }

    [Fact]
    public void A_packet_that_is_kept_does_not_change_with_the_buffer_it_was_read_from()
    {
        var buffer = Wire.Utf8("2/chat,7[\"e\",1]");
        new SocketIOServer.Protocol.SocketIO.JsonPacketDecoder(Limits).Add(new(default, buffer), out var packet);

        var kept = packet.ToOwned();
        buffer.AsSpan().Fill((byte)'x');

        Assert.Equal("2/chat,7[\"e\",1]", Show(kept));
        Assert.Equal("e", Encoding.UTF8.GetString(kept.Name.Span));
    }

    // The layers below have checked that; should one forget, the answer is a value all the same.
    [Fact]
    public void Bytes_that_are_no_UTF8_never_throw()
    {
        byte[][] packets = [Wire.Utf8("2[\"\\u0061é\",{\"é\\n\":\"ü\"}]"), Wire.Utf8("0{\"\\u0074é\":1,\"b\":\"é\"}"), Wire.Utf8("51-[\"é\",{\"_placeholder\":true,\"n\\u0075m\":0}]"), Wire.Utf8("31[\"é\\u00e9\"]")];
        var random = new Random(7);

        for (var i = 0; i < 20_000; i++)
        {
            var bytes = packets[i % packets.Length].ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(1, bytes.Length)] = (byte)random.Next(0x80, 0x100);
            new JsonPacketDecoder(Limits).Add(new(default, bytes), out _);
        }
    }
}

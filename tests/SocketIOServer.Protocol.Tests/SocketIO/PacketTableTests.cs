using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.SocketIO;

/// <summary>Each kind of packet, as text and as its parts; what is written is read again from the same text.</summary>
public sealed class PacketTableTests
{
    private const string Ph0 = """{"_placeholder":true,"num":0}""";
    private const string Ph1 = """{"_placeholder":true,"num":1}""";

    // The text behind Engine.IO's digit, with attachments as Decoding shows them; type, namespace, id, JSON.
    public static TheoryData<string, int, string, long, string> Table => new()
    {
        { "0", 0, "", -1, "" },
        { """0{"token":"abc"}""", 0, "", -1, """{"token":"abc"}""" },
        { "0/chat,", 0, "/chat", -1, "" },
        { """0/chat,{"token":"abc"}""", 0, "/chat", -1, """{"token":"abc"}""" },
        { "0/chat?token=1&x=y,", 0, "/chat?token=1&x=y", -1, "" },
        { "0/é€😀,{}", 0, "/é€😀", -1, "{}" },
        { "1", 1, "", -1, "" },
        { "1/chat,", 1, "/chat", -1, "" },
        { """2["hi"]""", 2, "", -1, """["hi"]""" },
        { """2["hi",1,"é😀",null,{"a":[true]}]""", 2, "", -1, """["hi",1,"é😀",null,{"a":[true]}]""" },
        { """20["hi"]""", 2, "", 0, """["hi"]""" },
        { """212["hi"]""", 2, "", 12, """["hi"]""" },
        { """2/chat,["hi"]""", 2, "/chat", -1, """["hi"]""" },
        { """2/chat,7["hi"]""", 2, "/chat", 7, """["hi"]""" },
        { """29007199254740991["hi"]""", 2, "", 9_007_199_254_740_991, """["hi"]""" },
        { "2[1,2]", 2, "", -1, "[1,2]" },
        { "30[]", 3, "", 0, "[]" },
        { """3/chat,7["yes",1]""", 3, "/chat", 7, """["yes",1]""" },
        { $"51-[\"e\",{Ph0}]+0102", 2, "", -1, $"[\"e\",{Ph0}]" },
        { $"52-/chat,7[\"e\",{Ph1},{Ph0}]+01+", 2, "/chat", 7, $"[\"e\",{Ph1},{Ph0}]" },
        { $"61-12[{Ph0}]+FF", 3, "", 12, $"[{Ph0}]" },
        { $"61-/chat,0[{{\"a\":{Ph0}}}]+00", 3, "/chat", 0, $"[{{\"a\":{Ph0}}}]" },
        { """510-["e"]+00+01+02+03+04+05+06+07+08+09""", 2, "", -1, """["e"]""" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_packet_is_read_as_its_parts(string shown, int type, string name, long id, string json)
    {
        var packet = Decoding.Packet(Messages(shown));

        Assert.Equal(type, (int)packet.Type);
        Assert.Equal(name, Encoding.UTF8.GetString(packet.Namespace.Span));
        Assert.Equal(id, packet.Id);
        Assert.Equal(json, Encoding.UTF8.GetString(packet.Json.Span));
        Assert.Equal(Messages(shown)[1..], packet.Attachments.Select(data => "b:" + Convert.ToHexString(data.Span)));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Its_parts_are_written_as_the_packet(string shown, int type, string name, long id, string json)
    {
        var messages = Messages(shown);
        byte[][] attachments = [.. messages[1..].Select(message => Wire.Hex(message[2..]))];

        var written = PacketParser.Json.Write((SocketPacketType)type, Wire.Utf8(name), id, Wire.Utf8(json), attachments);

        Assert.Equal("4" + messages[0], Encoding.UTF8.GetString(written.Head.Bytes));
        Assert.Equal(messages.Length, written.Count);
        for (var i = 1; i < messages.Length; i++) Assert.Equal(messages[i], "b:" + Convert.ToHexString(written[i].Bytes));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_packet_travels_through_either_revision(string shown, int type, string name, long id, string json)
    {
        var messages = Messages(shown);
        byte[][] attachments = [.. messages[1..].Select(message => Wire.Hex(message[2..]))];
        var message = PacketParser.Json.Write((SocketPacketType)type, Wire.Utf8(name), id, Wire.Utf8(json), attachments);

        foreach (var protocol in new[] { EngineProtocol.V3, EngineProtocol.V4 })
        {
            foreach (var form in Enum.GetValues<PayloadForm>())
            {
                var body = Wire.WriteBody(protocol, form, out var isBinary, message);
                // A text that is not JSON cannot be ASCII: for a reader that guesses, "/é" alone is no proof of a plain text.
                var packets = Wire.ReadBody(protocol, body, isBinary, new ClientEncoding(false, form) { IsPlainText = true });
                Assert.Equal(Unescaped(shown), Unescaped(Decoding.Decode([.. packets.Select(text => text.StartsWith('b') ? text : text[1..])])));
            }
        }
    }

    [Fact]
    public void Only_what_stands_in_JSON_may_be_escaped()
    {
        var plain = PacketParser.Json.Write(SocketPacketType.Event, "/chat"u8, SocketPacket.NoId, "[\"é\"]"u8);
        var named = PacketParser.Json.Write(SocketPacketType.Event, "/é"u8, SocketPacket.NoId, "[\"é\"]"u8);

        Assert.True(plain.IsJson);
        Assert.False(named.IsJson);
    }

    private static string[] Messages(string shown)
    {
        var parts = shown.Split('+');
        return [parts[0], .. parts[1..].Select(hex => "b:" + hex)];
    }

    private static string Unescaped(string text) =>
        text.Replace("\\u00e9", "é", StringComparison.Ordinal).Replace("\\ud83d\\ude00", "😀", StringComparison.Ordinal);
}

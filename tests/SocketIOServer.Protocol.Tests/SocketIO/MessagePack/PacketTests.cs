using System.Text;
using static SocketIOServer.Protocol.Tests.Decoding;
using static SocketIOServer.Protocol.Tests.SocketIO.MessagePack.Packed;

namespace SocketIOServer.Protocol.Tests.SocketIO.MessagePack;

/// <summary>Whole packets: {type, nsp, id?, data?}.</summary>
public sealed class PacketTests
{
    private const string Ph0 = """{"_placeholder":true,"num":0}""";
    private const string Ph1 = """{"_placeholder":true,"num":1}""";

    // As Decoding shows it; type, namespace, id, JSON; the bytes.
    public static TheoryData<string, int, string, long, string, string> Table => new()
    {
        { "0/,", 0, "", -1, "", "82 a474797065 00 a36e7370 a12f" },
        { "0/chat,", 0, "/chat", -1, "", "82 a474797065 00 a36e7370 a52f63686174" },
        { """0/,{"t":1}""", 0, "", -1, """{"t":1}""", "83 a474797065 00 a36e7370 a12f a464617461 81a17401" },
        { "1/é,", 1, "/é", -1, "", "82 a474797065 01 a36e7370 a32fc3a9" },
        { """2/,["a",7]""", 2, "", -1, """["a",7]""", "83 a474797065 02 a36e7370 a12f a464617461 92a16107" },
        { """2/chat,0["a"]""", 2, "/chat", 0, """["a"]""", "84 a474797065 02 a36e7370 a52f63686174 a26964 00 a464617461 91a161" },
        { """2/,9007199254740991["a"]""", 2, "", 9_007_199_254_740_991, """["a"]""", "84 a474797065 02 a36e7370 a12f a26964 cf001fffffffffffff a464617461 91a161" },
        { "3/,300[]", 3, "", 300, "[]", "84 a474797065 03 a36e7370 a12f a26964 cd012c a464617461 90" },
        { $"51-/,[\"e\",{Ph0}]+0102", 2, "", -1, $"[\"e\",{Ph0}]", "83 a474797065 02 a36e7370 a12f a464617461 92a165c4020102" },
        { $"62-/,1[{Ph0},{{\"a\":[{Ph1}]}}]++FF", 3, "", 1, $"[{Ph0},{{\"a\":[{Ph1}]}}]", "84 a474797065 03 a36e7370 a12f a26964 01 a464617461 92c40081a16191c401ff" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Bytes_are_read_as_a_packet(string shown, int type, string name, long id, string json, string hex)
    {
        Assert.True(TryRead(Wire.Hex(hex), out var packet));

        Assert.Equal(shown, Show(packet));
        Assert.Equal(((SocketPacketType)type, id), (packet.Type, packet.Id));
        Assert.Equal((name.Length == 0 ? "/" : name, json), (Text(packet.Namespace), Text(packet.Json)));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_packet_is_written_as_bytes(string shown, int type, string name, long id, string json, string hex)
    {
        byte[][] attachments = [.. shown.Split('+')[1..].Select(Wire.Hex)];

        Assert.Equal(Compact(hex), Encode((SocketPacketType)type, name, id, json, attachments));
    }

    // Bytes of socket.io-client 4 with socket.io-msgpack-parser 3.0.2, as they were on the wire: data before nsp, options between.
    [Theory]
    [InlineData("83 a474797065 00 a464617461 81a17401 a36e7370 a12f", """0/,{"t":1}""")]
    [InlineData("83 a474797065 00 a464617461 d40000 a36e7370 a52f64656e79", "0/deny,")]
    [InlineData(
        "84 a474797065 02 a464617461 98 a178 81a162c4020102 d7000000017487 6e807b d40000 cb3ff8000000000000 fd ce00011170 a2c3a9 a76f7074696f6e73 81a8636f6d7072657373c3 a36e7370 a12f",
        """51-/,["x",{"b":{"_placeholder":true,"num":0}},"2020-09-13T12:26:40.123Z",null,1.5,-3,70000,"é"]+0102""")]
    [InlineData("85 a474797065 02 a464617461 92a16107 a76f7074696f6e73 81a8636f6d7072657373c3 a26964 00 a36e7370 a12f", """2/,0["a",7]""")]
    [InlineData("84 a474797065 03 a26964 00 a464617461 9106 a36e7370 a12f", "3/,0[6]")]
    [InlineData("82 a474797065 01 a36e7370 a12f", "1/,")]
    public void What_the_client_sends_is_understood(string hex, string shown) => Assert.Equal(shown, Decode(hex));

    // Client 2.x says of itself that an event is binary; nothing is outside of it all the same.
    [Theory]
    [InlineData("05", "2/,0[\"e\"]")]
    [InlineData("06", "3/,0[\"e\"]")]
    public void The_binary_kinds_are_events_and_acks(string type, string shown) =>
        Assert.Equal(shown, Decode($"84 a474797065 {type} a26964 00 a464617461 91a165 a36e7370 a12f"));

    [Theory]
    [InlineData("84 a474797065 02 a36e7370 a12f a26964 c0 a464617461 91a165", "2/,[\"e\"]")]
    [InlineData("84 a474797065 02 a36e7370 a12f a26964 d40000 a464617461 91a165", "2/,[\"e\"]")]
    [InlineData("83 a474797065 00 a36e7370 a12f a464617461 c0", "0/,")]
    [InlineData("83 a474797065 cd0002 a36e7370 d9012f a464617461 dc0001a165", "2/,[\"e\"]")]
    [InlineData("84 a474797065 02 a36e7370 a12f a178 d87f00000000000000000000000000000000 a464617461 91a165", "invalid")]
    public void What_may_be_written_in_several_ways(string hex, string shown) => Assert.Equal(shown, Decode(hex));

    // CONNECT_ERROR is the server's word; who stands on the client's side takes it.
    [Fact]
    public void A_refusal_is_taken_from_the_server_only()
    {
        var hex = Encode(SocketPacketType.ConnectError, "/deny", -1, """{"message":"no"}""");

        Assert.Equal(Compact("83 a474797065 04 a36e7370 a52f64656e79 a464617461 81a76d657373616765a26e6f"), hex);
        Assert.Equal(Invalid, Decode(hex));
        Assert.Equal("""4/deny,{"message":"no"}""", Decode(hex, Limits with { TakesRefusals = true }));
    }

    [Theory]
    [InlineData("/", 5)]
    [InlineData("/chat", 0)]
    public void An_event_that_is_sent_many_times_is_encoded_once(string name, long id)
    {
        var body = PacketParser.MessagePack.Prepare(Wire.Utf8($"[\"e\",{Ph0}]"), [[1, 2]]);

        var message = PacketParser.MessagePack.WriteEvent(Wire.Utf8(name), id, body);

        Assert.Equal($"51-{name},{id}[\"e\",{Ph0}]+0102", Decode(message.Head.Bytes));
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}

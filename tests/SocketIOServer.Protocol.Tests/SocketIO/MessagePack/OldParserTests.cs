using static SocketIOServer.Protocol.Tests.Decoding;
using static SocketIOServer.Protocol.Tests.SocketIO.MessagePack.Packed;

namespace SocketIOServer.Protocol.Tests.SocketIO.MessagePack;

/// <summary>socket.io-msgpack-parser 2, of clients 2.x.</summary>
public sealed class OldParserTests
{
    private static readonly PacketParser Old = PacketParser.MessagePack.ForOldClients;

    [Theory]
    [InlineData("""{"type":0,"nsp":"/"}""", "0/,")]
    [InlineData("""{"type":0,"query":"token=1","nsp":"/chat?token=1"}""", "0/chat?token=1,")]
    [InlineData("""{"type":0,"nsp":"/chat?list=1,2"}""", "0/chat?list=1,2,")]
    [InlineData("""{"type":1,"nsp":"/chat"}""", "1/chat,")]
    [InlineData(""" { "nsp" : "/\u00e9" , "x" : [{}] , "type" : 0 } """, "0/é,")]
    [InlineData("""{"type":0,"nsp":"/\ud800"}""", "0/\ufffd,")]
    public void Connect_and_disconnect_come_as_JSON(string text, string shown) => Assert.Equal(shown, DecodeText(text, Old));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0/chat")]
    [InlineData("2[\"e\"]")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"type":0}""")]
    [InlineData("""{"nsp":"/"}""")]
    [InlineData("""{"type":0,"nsp":"/"}{}""")]
    [InlineData("""{"type":0,"nsp":"/"} x""")]
    [InlineData("""{"type":0,"nsp":"/" """)]
    [InlineData("""{"type":0,"nsp":"chat"}""")]
    [InlineData("""{"type":0,"nsp":"/a,b"}""")]
    [InlineData("""{"type":0,"nsp":7}""")]
    [InlineData("""{"type":0,"nsp":["/"]}""")]
    [InlineData("""{"type":"0","nsp":"/"}""")]
    [InlineData("""{"type":0.5,"nsp":"/"}""")]
    [InlineData("""{"type":1e99,"nsp":"/"}""")]
    [InlineData("""{"type":-1,"nsp":"/"}""")]
    [InlineData("""{"type":2,"nsp":"/","data":["e"]}""")]
    [InlineData("""{"type":3,"nsp":"/","id":0,"data":[]}""")]
    [InlineData("""{"type":4,"nsp":"/","data":"no"}""")]
    public void Any_other_text_is_refused(string text) => Assert.Equal(Invalid, DecodeText(text, Old));

    [Fact]
    public void Every_beginning_of_a_text_is_refused()
    {
        const string Text = """{"type":0,"nsp":"/ch\u00e9t","x":{"y":[1]}}""";

        Assert.Equal("0/chét,", DecodeText(Text, Old));
        Assert.All(Enumerable.Range(0, Text.Length), length => Assert.Equal(Invalid, DecodeText(Text[..length], Old)));
    }

    [Fact]
    public void Events_come_in_MessagePack() => Assert.Equal("""2/,["e",1]""", Decode(Event("01"), parser: Old));

    // With anything but a text that parser throws where the client cannot catch it.
    [Theory]
    [InlineData("\"no\"", "a26e6f")]
    [InlineData("""{"code":7}""", "aa7b22636f6465223a377d")]
    [InlineData("7", "a137")]
    public void A_refusal_is_a_text(string json, string hex)
    {
        var written = Encode(SocketPacketType.ConnectError, "/x", SocketPacket.NoId, json, parser: Old);

        Assert.Equal(Compact($"83 a474797065 04 a36e7370 a22f78 a464617461 {hex}"), written);
    }

    [Fact]
    public void Events_for_old_and_new_clients_are_the_same_bytes() =>
        Assert.Equal(
            Encode(SocketPacketType.Event, "", 1, """["e",{"a":1.5}]"""),
            Encode(SocketPacketType.Event, "", 1, """["e",{"a":1.5}]""", parser: Old));
}

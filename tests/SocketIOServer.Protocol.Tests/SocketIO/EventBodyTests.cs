namespace SocketIOServer.Protocol.Tests.SocketIO;

/// <summary>An event that was written once can be written again with ack ids, and read as JSON, without being encoded a second time.</summary>
public sealed class EventBodyTests
{
    private static readonly PacketParser[] Parsers = [PacketParser.Json, PacketParser.MessagePack];

    public static TheoryData<int, string, string, int> Events
    {
        get
        {
            var data = new TheoryData<int, string, string, int>();
            for (var parser = 0; parser < Parsers.Length; parser++)
            {
                foreach (var name in (string[])["", "/chat", "/é-[1]"])
                {
                    data.Add(parser, name, """["e"]""", 0);
                    data.Add(parser, name, """["1-[",{"a":"é"},-1.5]""", 0);
                    data.Add(parser, name, """["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", 2);
                    data.Add(parser, name, $"""["e"{string.Concat(Enumerable.Range(0, 12).Select(i => $$""",{"_placeholder":true,"num":{{i}}}"""))}]""", 12);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_is_written_again_with_an_ack_id(int parser, string name, string json, int attachments)
    {
        var (message, expected) = (Write(parser, name, SocketPacket.NoId, json, attachments), Write(parser, name, 7, json, attachments));

        var written = Parsers[parser].WriteEvent(Wire.Utf8(name), 7, Parsers[parser].BodyOf(message, Wire.Utf8(name)));

        Assert.Equal(expected.Count, written.Count);
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i].Bytes, written[i].Bytes);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_is_read_as_JSON(int parser, string name, string json, int attachments)
    {
        var (text, binary) = Parsers[parser].ReadEvent(Write(parser, name, SocketPacket.NoId, json, attachments), Wire.Utf8(name));

        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(text.Span));
        Assert.Equal(Attachments(attachments), binary.Select(each => each.ToArray()));
    }

    [Fact]
    public void An_event_that_JSON_cannot_express_is_refused()
    {
        // An object of the program's own beside real binary: nobody could tell which is which.
        var message = Write(1, "", SocketPacket.NoId, """["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":5}]""", 1);

        Assert.Throws<InvalidOperationException>(() => PacketParser.MessagePack.ReadEvent(message, []));
    }

    private static OutgoingMessage Write(int parser, string name, long id, string json, int attachments) =>
        Parsers[parser].Write(SocketPacketType.Event, Wire.Utf8(name), id, Wire.Utf8(json), Attachments(attachments));

    private static byte[][] Attachments(int count) => [.. Enumerable.Range(0, count).Select(i => new byte[] { (byte)i, 0xff })];
}

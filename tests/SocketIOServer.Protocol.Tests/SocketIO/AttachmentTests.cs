using SocketIOServer.Protocol.SocketIO;
using static SocketIOServer.Protocol.Tests.Decoding;

namespace SocketIOServer.Protocol.Tests.SocketIO;

public sealed class AttachmentTests
{
    private const string Head2 = """52-["e",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]""";

    [Fact]
    public void Attachments_come_in_the_order_they_were_sent() =>
        Assert.Equal([Pending, Pending, Head2 + "+01+02"], Steps(Limits, Head2, "b:01", "b:02"));

    [Fact]
    public void An_empty_attachment_counts() => Assert.Equal(Head2 + "++", Decode(Head2, "b:", "b:"));

    [Fact]
    public void The_decoder_is_free_again_after_the_last()
    {
        var decoder = new JsonPacketDecoder(Limits);

        var first = new[] { Head2, "b:01", "b:02", "2[\"x\"]", "51-[\"y\"]", "b:03" }.Select(message => Add(decoder, message));

        Assert.Equal([Pending, Pending, Head2 + "+01+02", "2[\"x\"]", Pending, "51-[\"y\"]+03"], first);
        Assert.False(decoder.IsWaiting);
    }

    [Theory]
    [InlineData("2[\"x\"]")]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("30[]")]
    [InlineData("51-[\"x\"]")]
    [InlineData("")]
    public void Text_while_attachments_are_missing_is_refused(string text)
    {
        Assert.Equal(Invalid, Decode(Head2, text));
        Assert.Equal(Invalid, Decode(Head2, "b:01", text));
    }

    [Fact]
    public void Binary_without_a_head_is_refused()
    {
        Assert.Equal(Invalid, Decode("b:01"));
        Assert.Equal(Invalid, Decode("b:"));
        Assert.Equal(Invalid, Decode("2[\"x\"]", "b:01"));
        Assert.Equal(Invalid, Decode(Head2, "b:01", "b:02", "b:03"));
    }

    [Fact]
    public void Binary_after_a_refused_head_is_refused() => Assert.Equal([Invalid, Invalid], Steps(Limits, "50-[\"x\"]", "b:01"));

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void The_count_has_a_limit(int count, bool isValid) =>
        Assert.Equal(isValid ? Pending : Invalid, Decode($"5{count}-[\"e\"]"));

    [Fact]
    public void The_limit_of_the_count_is_an_option()
    {
        Assert.Equal([Invalid], Steps(Limits with { MaxAttachments = 0 }, "51-[\"e\"]"));
        Assert.Equal([Pending], Steps(Limits with { MaxAttachments = 500 }, "5500-[\"e\"]"));
    }

    // The head counts too: "51-["e"]" is eight bytes, so eight more are left.
    [Theory]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void The_bytes_of_head_and_attachments_have_a_limit(int length, bool isValid)
    {
        var steps = Steps(Limits with { MaxPacketBytes = 16 }, "51-[\"e\"]", "b:" + string.Concat(Enumerable.Repeat("00", length)));

        Assert.Equal(isValid, steps[1] != Invalid);
    }

    // ATTACKS A6: what the handler is given may have the attachment as often as it is named. The head counts once.
    [Theory]
    [InlineData(11, true)]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public void An_attachment_counts_as_often_as_it_is_named(int length, bool isValid)
    {
        const string Head = """52-["e",{"_placeholder":true,"num":0},[{"num":0,"_placeholder":true}],{"\u005fplaceholder":true,"num":0}]""";
        var steps = Steps(Limits with { MaxPacketBytes = Head.Length + 3 * 12 }, Head, "b:" + string.Concat(Enumerable.Repeat("00", length)));

        Assert.Equal(isValid, steps[1] != Invalid);
    }

    [Fact]
    public void Bytes_are_counted_over_all_attachments() =>
        Assert.Equal([Pending, Pending, Invalid], Steps(Limits with { MaxPacketBytes = 16 }, "52-[\"e\"]", "b:0000000000", "b:00000000"));

    [Fact]
    public void Bytes_are_counted_anew_for_the_next_packet()
    {
        var messages = Enumerable.Repeat(new[] { "51-[\"e\"]", "b:0102030405060708" }, 3).SelectMany(packet => packet);

        Assert.DoesNotContain(Invalid, Steps(Limits with { MaxPacketBytes = 16 }, [.. messages]));
    }

    [Fact]
    public void With_a_pending_head_the_packet_is_given_out_to_be_judged()
    {
        var result = new JsonPacketDecoder(Limits).Add(Message("51-/secret,7[\"e\"]"), out var packet);

        Assert.Equal(DecodeResult.Pending, result);
        Assert.Equal("2/secret,7[\"e\"]", Show(packet));
    }

    [Fact]
    public void Nothing_of_a_waiting_packet_is_borrowed()
    {
        var decoder = new JsonPacketDecoder(Limits);
        var head = Wire.Utf8(Head2);
        byte[] data = [1, 2];

        decoder.Add(new(default, head), out _);
        head.AsSpan().Clear();
        decoder.Add(new(default, data, isBinary: true), out _);
        data.AsSpan().Clear();

        Assert.Equal(Head2 + "+0102+03", Add(decoder, "b:03"));
    }
}

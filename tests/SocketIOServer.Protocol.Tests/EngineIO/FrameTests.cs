using System.Buffers;
using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

/// <summary>WebSocket messages. A text one is written as it is, a binary one as "b:" and its bytes.</summary>
public sealed class FrameTests
{
    // Revision, b64, the WebSocket message, the packet; true in both directions.
    public static TheoryData<string, bool, string, string> Table => new()
    {
        { "3", false, "4hello", "4hello" },
        { "3", false, "4é€😀", "4é€😀" },
        { "3", false, "4Ã©", "4Ã©" },
        { "3", false, "2probe", "2probe" },
        { "3", false, "4", "4" },
        { "3", false, "b:04010203", "b:010203" },
        { "3", false, "b:04", "b:" },
        { "3", true, "b4AQID", "b:010203" },
        { "3", true, "b4", "b:" },
        { "3", true, "4hello", "4hello" },
        { "4", false, "4hello", "4hello" },
        { "4", false, "4é€😀", "4é€😀" },
        { "4", false, "3probe", "3probe" },
        { "4", false, "4a\u001e4b", "4a\u001e4b" },
        { "4", false, "b:010203", "b:010203" },
        { "4", false, "b:", "b:" },
        { "4", true, "b:04", "b:04" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_frame_is_read_as_its_packet(string eio, bool base64, string frame, string packet)
    {
        // A reader accepts both kinds of binary always; only what is written depends on b64.
        _ = base64;

        Assert.Equal(packet, Read(eio, frame));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void A_packet_is_written_as_its_frame(string eio, bool base64, string frame, string packet)
    {
        var scratch = new ArrayBufferWriter<byte>();

        var written = EngineProtocol.Select(eio)!.Frame(Wire.Message(packet).Head, base64, scratch, out var isBinary);

        Assert.Equal(frame, isBinary ? "b:" + Convert.ToHexString(written.Span) : Encoding.UTF8.GetString(written.Span));
    }

    [Theory]
    [InlineData("4", "bAQID", "b:010203")]
    [InlineData("4", "b", "b:")]
    [InlineData("3", "b4AQID", "b:010203")]
    public void Base64_in_a_text_frame_is_read_too(string eio, string frame, string packet) => Assert.Equal(packet, Read(eio, frame));

    [Theory]
    [InlineData("3", "")]
    [InlineData("4", "")]
    [InlineData("3", "7")]
    [InlineData("4", "7")]
    [InlineData("4", "hello")]
    [InlineData("3", "b")]
    [InlineData("3", "b2AQID")]
    [InlineData("3", "bAQID")]
    [InlineData("4", "b4AQID")]
    [InlineData("3", "b:")]
    [InlineData("3", "b:34010203")]
    [InlineData("3", "b:02")]
    [InlineData("3", "b:FF")]
    public void What_is_no_packet_is_refused(string eio, string frame) => Assert.Equal(Wire.Refused, Read(eio, frame));

    [Fact]
    public void A_text_frame_is_the_shared_bytes_themselves()
    {
        var message = Wire.Message("4hello");
        var scratch = new ArrayBufferWriter<byte>();

        var v3 = EngineProtocol.V3.Frame(message.Head, base64: false, scratch, out _);
        var v4 = EngineProtocol.V4.Frame(message.Head, base64: false, scratch, out _);

        Assert.True(v3.Equals(message.Head.Bytes) && v4.Equals(message.Head.Bytes));
        Assert.Equal(0, scratch.WrittenCount);
    }

    [Fact]
    public void The_scratch_holds_one_frame_only()
    {
        var scratch = new ArrayBufferWriter<byte>();
        EngineProtocol.V3.Frame(Wire.Message("b:0102030405").Head, base64: false, scratch, out _);

        var second = EngineProtocol.V3.Frame(Wire.Message("b:09").Head, base64: false, scratch, out _);

        Assert.Equal([4, 9], second.ToArray());
    }

    private static string Read(string eio, string frame)
    {
        var isBinary = frame.StartsWith("b:", StringComparison.Ordinal);
        var bytes = isBinary ? Wire.Hex(frame[2..]) : Wire.Utf8(frame);
        return Wire.ReadFrame(EngineProtocol.Select(eio)!, bytes, isBinary);
    }
}

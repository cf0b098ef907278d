using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

/// <summary>Client 1.x encodes twice on text polling: each byte of UTF-8 becomes a character, and those are encoded again.</summary>
public sealed class DoubleUtf8Tests
{
    // The text that the client meant.
    public static TheoryData<string> Texts =>
    [
        "4é",
        "4ÿ\u0080",
        "4€",
        "4日本語",
        "4😀",
        "42[\"ünïcödé\",\"😀€\"]",
        "4\u0800\uffff",
        "4\ud7ff\ue000",
        "4\U0010ffff",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_was_encoded_twice_is_decoded_twice(string text)
    {
        var isDouble = DoubleUtf8.TryDecode(Twice(Wire.Utf8(text)), out var decoded, out var isPlain);

        Assert.True(isDouble);
        Assert.Equal(text, Encoding.UTF8.GetString(decoded));
        Assert.False(isPlain);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_payload_of_client_1_is_read_as_what_it_meant(string text)
    {
        var once = Wire.Utf8(text);
        var body = Wire.Utf8($"{once.Length}:{Encoding.Latin1.GetString(once)}1:2");

        Assert.Equal([text, "2"], Wire.ReadBody(EngineProtocol.V3, body, isBinary: false, Wire.NewEncoding()));
    }

    [Theory]
    [InlineData("4hello", false)]
    [InlineData("", false)]
    [InlineData("4é", false)]
    [InlineData("4Ã", false)]
    [InlineData("4©Ã", false)]
    [InlineData("4À\u0080", false)]
    [InlineData("4õ\u0080\u0080\u0080", false)]
    [InlineData("4€", true)]
    [InlineData("4😀", true)]
    [InlineData("4Ã©€", true)]
    [InlineData("4\u0100", true)]
    public void What_cannot_have_been_encoded_twice_stays_as_it_is(string text, bool provesPlain)
    {
        var isDouble = DoubleUtf8.TryDecode(Wire.Utf8(text), out var decoded, out var isPlain);

        Assert.False(isDouble);
        Assert.Empty(decoded);
        Assert.Equal(provesPlain, isPlain);
    }

    // Client 1.5.1 writes half a character as three bytes, which UTF-8 forbids.
    [Theory]
    [InlineData("34 ED A0 80", "4\ufffd")]
    [InlineData("34 ED BF BF 61", "4\ufffda")]
    [InlineData("34 ED A0 80 ED B0 80", "4\ufffd\ufffd")]
    [InlineData("34 C3 A9 ED AF BF E2 82 AC", "4é\ufffd€")]
    public void A_lone_surrogate_of_client_1_5_is_replaced(string onceHex, string text)
    {
        Assert.True(DoubleUtf8.TryDecode(Twice(Wire.Hex(onceHex)), out var decoded, out _));

        Assert.Equal(text, Encoding.UTF8.GetString(decoded));
    }

    [Theory]
    [InlineData("34 ED A0")]
    [InlineData("34 ED A0 41")]
    [InlineData("34 ED C0 80")]
    [InlineData("34 E2 82")]
    public void What_is_no_surrogate_either_is_left_alone(string onceHex) =>
        Assert.False(DoubleUtf8.TryDecode(Twice(Wire.Hex(onceHex)), out _, out _));

    [Fact]
    public void A_character_that_cannot_be_double_ends_the_guessing_for_the_session()
    {
        var encoding = Wire.NewEncoding();

        var before = Read(encoding, "3:4Ã©");
        var proof = Read(encoding, "2:4€");
        var after = Read(encoding, "3:4Ã©");

        Assert.Equal(["4é", "4€", "4Ã©"], [before, proof, after]);
        Assert.True(encoding.IsPlainText);
    }

    [Fact]
    public void The_guessing_ends_inside_a_body_too() =>
        Assert.Equal(["4é", "4€", "4Ã©"], Wire.ReadBody(EngineProtocol.V3, "3:4Ã©2:4€3:4Ã©"));

    [Fact]
    public void One_session_says_nothing_about_another()
    {
        Read(Wire.NewEncoding(), "2:4€");

        Assert.Equal("4é", Read(Wire.NewEncoding(), "3:4Ã©"));
    }

    [Fact]
    public void Text_that_proves_nothing_leaves_the_question_open()
    {
        var encoding = Wire.NewEncoding();

        Read(encoding, "2:4é");
        Read(encoding, "6:4hello");

        Assert.False(encoding.IsPlainText);
    }

    [Fact]
    public void WebSocket_text_is_never_decoded_twice() =>
        Assert.Equal("4Ã©", Wire.ReadFrame(EngineProtocol.V3, Wire.Utf8("4Ã©"), isBinary: false));

    private static string Read(ClientEncoding encoding, string body) => Wire.ReadBody(EngineProtocol.V3, Wire.Utf8(body), isBinary: false, encoding).Single();

    private static byte[] Twice(byte[] once) => Wire.Utf8(Encoding.Latin1.GetString(once));

    // Bodies are checked before; should somebody forget, the answer is a value all the same.
    [Fact]
    public void Bytes_that_are_no_UTF8_are_not_double_encoded()
    {
        byte[][] broken = [[0xc3], [0x61, 0xc2], [0xc3, 0x41], [0x80], [0xbf, 0xbf], [0xc0, 0x80], [0xc1, 0x81], [0xc3, 0xc3]];

        Assert.All(broken, bytes => Assert.False(DoubleUtf8.TryDecode(bytes, out _, out _)));
    }
}

using System.Text;
using SocketIOServer.Protocol.SocketIO;
using static SocketIOServer.Protocol.Tests.Decoding;

namespace SocketIOServer.Protocol.Tests.SocketIO;

/// <summary>JavaScript sends half a character as an escape; it becomes U+FFFD here, and nothing else of the text moves.</summary>
public sealed class SurrogateTests
{
    public static TheoryData<string, string> Table => new()
    {
        { """["\ud800"]""", """["\ufffd"]""" },
        { """["\udfff"]""", """["\ufffd"]""" },
        { """["\uD83D"]""", """["\ufffd"]""" },
        { """["a\ud800b"]""", """["a\ufffdb"]""" },
        { """["\ud83d\ude00"]""", """["\ud83d\ude00"]""" },
        { """["\uD83D\uDE00"]""", """["\uD83D\uDE00"]""" },
        { """["\ude00\ud83d"]""", """["\ufffd\ufffd"]""" },
        { """["\ud83d\ud83d\ude00"]""", """["\ufffd\ud83d\ude00"]""" },
        { """["\ud83d\ude00\ude00"]""", """["\ud83d\ude00\ufffd"]""" },
        { """["\ud83d\n\ude00"]""", """["\ufffd\n\ufffd"]""" },
        { """["\ud83d","\ude00"]""", """["\ufffd","\ufffd"]""" },
        { """["\\ud800"]""", """["\\ud800"]""" },
        { """["\\\ud800"]""", """["\\\ufffd"]""" },
        { """["\\\\ud800"]""", """["\\\\ud800"]""" },
        { """["\ud83d\\ude00"]""", """["\ufffd\\ude00"]""" },
        { """["\"\ud800\""]""", """["\"\ufffd\""]""" },
        { """["\ud7ff\ue000\uffff"]""", """["\ud7ff\ue000\uffff"]""" },
        { """["e",{"\ud800":"\udc00"}]""", """["e",{"\ufffd":"\ufffd"}]""" },
        { """["\ud800é😀"]""", """["\ufffdé😀"]""" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Half_a_character_is_replaced(string json, string repaired)
    {
        Assert.Equal("2" + repaired, Decode("2" + json));
        Assert.Equal("37" + repaired, Decode("37" + json));
        Assert.Equal($"0{{\"a\":{repaired}}}", Decode($"0{{\"a\":{json}}}"));
        Assert.Equal(repaired, Encoding.UTF8.GetString(Surrogates.Repair(Wire.Utf8(json)).Span));
    }

    // Cut off anywhere, so that no look ahead runs over the end.
    [Theory]
    [InlineData("\\")]
    [InlineData("\\u")]
    [InlineData("\\ud")]
    [InlineData("\\ud80")]
    [InlineData("\\ud83d\\")]
    [InlineData("\\ud83d\\ude0")]
    [InlineData("\\ud83d\\u")]
    [InlineData("\\uzzzz")]
    [InlineData("\\u-d80")]
    [InlineData("\\u d80")]
    public void A_broken_escape_is_left_to_the_JSON_reader(string escape) => Assert.Equal(Invalid, Decode($"2[\"e{escape}"));

    [Fact]
    public void Nothing_is_copied_where_nothing_is_repaired()
    {
        var json = Wire.Utf8("""["\ud83d\ude00","\\ud800"]""");

        Assert.True(Surrogates.Repair(json).Equals(json));
    }

    [Fact]
    public void The_buffer_itself_is_never_changed()
    {
        var json = Wire.Utf8("""["\ud800"]""");

        Surrogates.Repair(json);

        Assert.Equal("""["\ud800"]""", Encoding.UTF8.GetString(json));
    }
}

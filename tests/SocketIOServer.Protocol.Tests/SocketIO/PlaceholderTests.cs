using static SocketIOServer.Protocol.Tests.Decoding;

namespace SocketIOServer.Protocol.Tests.SocketIO;

public sealed class PlaceholderTests
{
    // Behind "52-[\"e\"," and before "]": two attachments are announced.
    public static TheoryData<string> Good =>
    [
        """{"_placeholder":true,"num":0}""",
        """{"_placeholder":true,"num":1}""",
        """{"num":1,"_placeholder":true}""",
        """ { "_placeholder" : true , "num" : 1 } """,
        """{"_placeholder":true,"num":-0}""",
        """{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}""",
        """{"a":[{"_placeholder":true,"num":1}],"b":{"_placeholder":true,"num":0}}""",
        """{"_placeholder":true,"num":0,"more":"x"}""",
        // No placeholders, but objects like any other.
        """{"num":9}""",
        """{"_placeholder":"true","num":9}""",
        """{"_placeholder":1,"num":9}""",
        """{"_placeholder":null,"num":9}""",
        """{"_placeholder":false,"num":9}""",
        """{"_placeholder":false,"_placeholder":null,"num":9}""",
        """{"_Placeholder":true,"num":9}""",
        "\"_placeholder\"",
        // None at all: the reference does not count them either.
        "1",
    ];

    public static TheoryData<string> Bad =>
    [
        """{"_placeholder":true,"num":2}""",
        """{"_placeholder":true,"num":-1}""",
        """{"_placeholder":true,"num":1000000000}""",
        """{"_placeholder":true,"num":2147483648}""",
        """{"_placeholder":true,"num":4294967296}""",
        """{"_placeholder":true,"num":99999999999999999999}""",
        """{"_placeholder":true,"num":0.5}""",
        """{"_placeholder":true,"num":0.0}""",
        """{"_placeholder":true,"num":1e0}""",
        """{"_placeholder":true,"num":1e999}""",
        """{"_placeholder":true,"num":"0"}""",
        """{"_placeholder":true,"num":null}""",
        """{"_placeholder":true,"num":true}""",
        """{"_placeholder":true}""",
        """{"_placeholder":true,"Num":0}""",
        // One of the two names is there twice: who takes the first and who takes the last would not see the same (ATTACKS A9).
        """{"_placeholder":true,"num":9,"num":1}""",
        """{"_placeholder":true,"num":1,"num":1}""",
        """{"_placeholder":true,"num":"x","num":1}""",
        """{"_placeholder":true,"_placeholder":false,"num":1}""",
        """{"_placeholder":false,"_placeholder":true,"num":1}""",
        """{"_placeholder":true,"\u005fplaceholder":true,"num":1}""",
        """{"_placeholder":true,"num":0,"num":9}""",
        """{"_placeholder":true,"num":0,"num":"0"}""",
        """{"num":9,"_placeholder":true}""",
        """{"_placeholder":false,"_placeholder":true,"num":9}""",
        """{"_placeholder":true,"num":0},{"_placeholder":true,"num":2}""",
        """[[{"a":{"_placeholder":true,"num":2}}]]""",
        """{"a":{"_placeholder":true,"num":0},"b":{"_placeholder":true,"num":2}}""",
        """{"_placeholder":true,"\u006eum":2}""",
        """{"\u005fplaceholder":true,"num":2},"_placeholder" """,
        """{"\u005fplaceholder":true,"num":2}""",
    ];

    [Theory]
    [MemberData(nameof(Good))]
    public void A_placeholder_that_names_an_attachment_is_accepted(string argument)
    {
        var shown = Decode($"52-[\"e\",{argument}]", "b:0A", "b:0B");

        Assert.Equal($"52-[\"e\",{argument}]+0A+0B", shown);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_placeholder_that_names_none_is_refused_with_its_head(string argument)
    {
        Assert.Equal(Invalid, Decode($"52-[\"e\",{argument}]"));
        Assert.Equal(Invalid, Decode($"62-7[{argument}]"));
    }

    // Whoever reads it must look at the index himself: there is nothing here that it could be within.
    [Theory]
    [InlineData("""2["e",{"_placeholder":true,"num":0}]""")]
    [InlineData("""37[{"_placeholder":true,"num":0}]""")]
    public void Without_attachments_a_placeholder_is_an_object(string text) => Assert.Equal(text, Decode(text));

    // A placeholder is flat: with something nested in it, it is an object that nobody takes for binary.
    [Fact]
    public void An_object_with_more_inside_is_no_placeholder() =>
        Assert.Equal(Pending, Decode("""51-["e",{"_placeholder":true,"num":9,"a":{}}]"""));
}

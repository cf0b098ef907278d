using static SocketIOServer.Protocol.Tests.Decoding;

namespace SocketIOServer.Protocol.Tests.SocketIO;

public sealed class DepthTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(65, false)]
    [InlineData(5_000, false)]
    [InlineData(300_000, false)]
    public void Arguments_may_be_as_deep_as_the_limit_and_no_deeper(int depthInsideTheArray, bool isValid)
    {
        var arrays = new string('[', depthInsideTheArray) + new string(']', depthInsideTheArray);
        var objects = Objects(depthInsideTheArray);

        Assert.Equal(isValid, Decode($"2[\"e\",{arrays}]") != Invalid);
        Assert.Equal(isValid, Decode($"2[\"e\",{objects}]") != Invalid);
        Assert.Equal(isValid, Decode($"37[{arrays}]") != Invalid);
        Assert.Equal(isValid, Decode($"0{{\"a\":{objects}}}") != Invalid);
        Assert.Equal(isValid, Decode($"51-[\"e\",{objects}]") == Pending);
    }

    [Theory]
    [InlineData(1, "2[\"e\"]", true)]
    [InlineData(1, "2[\"e\",{}]", false)]
    [InlineData(2, "2[\"e\",{}]", true)]
    [InlineData(2, "0{\"a\":{}}", true)]
    [InlineData(1, "0{\"a\":{}}", false)]
    [InlineData(1, "30[[]]", false)]
    public void The_limit_is_an_option(int limit, string text, bool isValid) =>
        Assert.Equal(isValid, Steps(Limits with { MaxJsonDepth = limit }, text)[0] != Invalid);

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    public void A_higher_limit_works_for_placeholders_too(int depth)
    {
        var limits = Limits with { MaxJsonDepth = depth + 2 };
        var good = Wrapped("""{"_placeholder":true,"num":0}""", depth);
        var bad = Wrapped("""{"_placeholder":true,"num":1}""", depth);

        Assert.Equal(Pending, Steps(limits, $"51-[\"e\",{good}]")[0]);
        Assert.Equal(Invalid, Steps(limits, $"51-[\"e\",{bad}]")[0]);
        Assert.Equal(Invalid, Steps(limits, $"51-[\"e\",[{good}]]")[0]);
    }

    // Unclosed: the depth is seen before the missing end is.
    [Fact]
    public void A_megabyte_of_brackets_is_only_invalid() => Assert.Equal(Invalid, Decode("2[\"e\"," + new string('[', 1_000_000)));

    private static string Objects(int depth) => Wrapped("{}", depth - 1);

    private static string Wrapped(string inner, int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + inner + new string('}', depth);
}

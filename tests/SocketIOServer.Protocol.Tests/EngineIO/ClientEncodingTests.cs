using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Protocol.Tests.EngineIO;

public sealed class ClientEncodingTests
{
    // What client 1.3.5 sends as t is the milliseconds, a dash and a counter; later ones send a short word.
    [Theory]
    [InlineData("1700000000000-0", PayloadForm.Binary)]
    [InlineData("1700000000000-12", PayloadForm.Binary)]
    [InlineData("170000000000-1", PayloadForm.Binary)]
    [InlineData("17000000000000000000-1", PayloadForm.Binary)]
    [InlineData("17000000000-1", PayloadForm.Either)]
    [InlineData("1700000000000-", PayloadForm.Either)]
    [InlineData("1700000000000", PayloadForm.Either)]
    [InlineData("1700000000000-1-1", PayloadForm.Either)]
    [InlineData("1700000000000-a", PayloadForm.Either)]
    [InlineData("170000000000a-1", PayloadForm.Either)]
    [InlineData("-1700000000000-1", PayloadForm.Either)]
    [InlineData(" 1700000000000-1", PayloadForm.Either)]
    [InlineData("1700000000000-1 ", PayloadForm.Either)]
    [InlineData("١٧٠٠٠٠٠٠٠٠٠٠٠-١", PayloadForm.Either)]
    [InlineData("1700000000000−1", PayloadForm.Either)]
    [InlineData("OTkN2Uh", PayloadForm.Either)]
    [InlineData("OTkN2Uh.0", PayloadForm.Either)]
    [InlineData("-", PayloadForm.Either)]
    [InlineData("", PayloadForm.Either)]
    public void The_cache_buster_tells_the_oldest_clients(string cacheBuster, object form)
    {
        var encoding = EngineProtocol.V3.DescribeClient(base64: false, cacheBuster);

        Assert.Equal(form, encoding.Form);
        Assert.False(encoding.Base64);
        Assert.False(encoding.IsPlainText);
    }

    [Theory]
    [InlineData("1700000000000-0")]
    [InlineData("OTkN2Uh")]
    public void With_b64_everything_is_text(string cacheBuster)
    {
        var encoding = EngineProtocol.V3.DescribeClient(base64: true, cacheBuster);

        Assert.Equal(PayloadForm.Text, encoding.Form);
        Assert.True(encoding.Base64);
    }

    [Theory]
    [InlineData("1700000000000-0", false)]
    [InlineData("OTkN2Uh", true)]
    public void Revision_4_has_nothing_to_learn(string cacheBuster, bool base64)
    {
        var encoding = EngineProtocol.V4.DescribeClient(base64, cacheBuster);

        Assert.Equal((PayloadForm.Text, false), (encoding.Form, encoding.Base64));
    }

    [Fact]
    public void Exactly_3_and_4_are_revisions()
    {
        Assert.Same(EngineProtocol.V3, EngineProtocol.Select("3"));
        Assert.Same(EngineProtocol.V4, EngineProtocol.Select("4"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("5")]
    [InlineData("03")]
    [InlineData("4 ")]
    [InlineData("4.0")]
    [InlineData("٤")]
    [InlineData("__proto__")]
    public void Nothing_else_is_a_revision(string eio) => Assert.Null(EngineProtocol.Select(eio));

    [Fact]
    public void Who_pings_and_who_is_old_follows_from_the_revision()
    {
        Assert.Equal((false, true), (EngineProtocol.V3.ServerPings, EngineProtocol.V3.IsLegacy));
        Assert.Equal((true, false), (EngineProtocol.V4.ServerPings, EngineProtocol.V4.IsLegacy));
    }
}

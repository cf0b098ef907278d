using System.Globalization;
using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.Attacks.Tests.Parser;

/// <summary>ATTACKS A19 to A23: bytes that are no text, base64 that is none, packet types, and where people write numbers otherwise.</summary>
public sealed class EncodingTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    [Theory]
    [InlineData("34325b22ff225d")] // 42["\xff"]
    [InlineData("34325b22fe225d")]
    [InlineData("34325b22c0af225d")] // "/" in two bytes
    [InlineData("34325b22e080af225d")]
    [InlineData("34325b22f08080af225d")]
    [InlineData("34325b22eda080edb080225d")] // CESU-8
    [InlineData("34325b22eda080225d")]
    [InlineData("34325b22f4908080225d")] // above U+10FFFF
    [InlineData("34325b22f5808080225d")]
    [InlineData("34325b22c3225d")] // cut short
    [InlineData("34325b22e282225d")]
    [InlineData("34325b22f09f98225d")]
    [InlineData("34325b2280225d")]
    [InlineData("fffe34003200")] // UTF-16
    [InlineData("ff")]
    [InlineData("34ff")]
    public Task A19_text_that_is_no_UTF8_is_refused(string hex) => server.AttackAsync(Outcome.InvalidUtf8, ["hex:" + hex]);

    [Fact]
    public Task A19_a_byte_order_mark_is_no_packet() => server.AttackAsync(Outcome.ParseError, ["hex:efbbbf34325b2270696e67225d"]);

    [Theory]
    [InlineData("text/plain; charset=utf-16")]
    [InlineData("text/plain; charset=iso-8859-1")]
    [InlineData("text/plain; charset=nonsense")]
    [InlineData("text/html")]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/octet-stream; charset=utf-8")]
    [InlineData("APPLICATION/OCTET-STREAM")]
    [InlineData("/")]
    public async Task A19_a_charset_never_changes_how_a_body_is_read(string contentType)
    {
        await using (var attacker = await Attacker.OpenAsync(server.Host, isPolling: true))
        {
            var polling = (PollingAttacker)attacker;

            Assert.Equal(200, (await polling.AskAsync("POST", Message.Payload("""427["text","é"]"""), $"Content-Type: {contentType}\r\n")).Status);

            Assert.Equal("437[\"é\"]", (await polling.AskAsync("GET")).Body);
        }

        await server.AssertQuietAsync();
    }

    [Theory]
    [InlineData("b#")]
    [InlineData("b####")]
    [InlineData("bAQ")]
    [InlineData("bAQI")]
    [InlineData("bAQ I D")]
    [InlineData("bAQID ")]
    [InlineData("b AQID")]
    [InlineData("bAQID\n")]
    [InlineData("bAQ\r\nID")]
    [InlineData("bAQ=D")]
    [InlineData("bAQ==AQ==")]
    [InlineData("b====")]
    [InlineData("b=AQI")]
    [InlineData("bAQ-_")]
    [InlineData("bAQ%3D%3D")]
    [InlineData("b«=×900000»")]
    [InlineData("bAQ\0=")]
    public Task A20_base64_that_is_none_is_refused(string packet) =>
        server.AttackAsync(Outcome.ParseError, ["""451-7["bytes",{"_placeholder":true,"num":0}]""", packet]);

    [Theory]
    [InlineData("437[0]", "b")]
    [InlineData("437[3]", "bAQID")]
    [InlineData("437[1]", "bAQ==")]
    [InlineData("437[675000]", "b«AQID×225000»")]
    public Task A20_base64_that_is_some_is_taken_on_both_transports(string reply, string packet) =>
        server.AttackAsync(reply, ["""451-7["bytes",{"_placeholder":true,"num":0}]""", packet]);

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("8")]
    [InlineData("9")]
    [InlineData("a")]
    [InlineData("-1")]
    [InlineData(" 4")]
    [InlineData("\0")]
    [InlineData("\u0664")]
    [InlineData("B")]
    [InlineData("{\"type\":4}")]
    public Task A21_packets_of_no_type_are_refused(string packet) => server.AttackAsync(Outcome.ParseError, [packet]);

    // Boards ping so; decision 18.
    [Theory]
    [InlineData("2")]
    [InlineData("2probe")]
    public Task A21_pings_of_the_client_are_answered(string packet) => server.AttackAsync("3", [packet]);

    [Theory]
    [InlineData("0{}")]
    [InlineData("0")]
    [InlineData("3")]
    [InlineData("3probe")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("6x")]
    public Task A21_packets_that_mean_nothing_here_are_passed_over(string packet) => server.AttackAsync("", [packet]);

    // (-1).ToString() is "−1" in Sweden, doubles have commas in Turkey, and "I" in lower case is no "i" there.
    [Theory]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    [InlineData("ar-SA")]
    [InlineData("sv-SE")]
    public async Task A23_the_culture_of_a_request_changes_nothing(string culture)
    {
        await using var there = new Elsewhere(new(culture));
        await there.InitializeAsync();

        await there.AttackAsync("437[-1]", ["""427["int",-1]"""]);
        await there.AttackAsync("437[-1.5]", ["""427["double",-1.5]"""]);
        await there.AttackAsync("437[1234567]", ["""427["echo",1234567]"""]);
        await there.AttackAsync(Outcome.ParseError, ["""42-1["x"]"""]);
        await there.AttackAsync(Outcome.ParseError, ["4\u00ad2[\"ping\"]"]);
        await there.AttackAsync(Outcome.ParseError, ["42\u0663[\"ping\"]"]);
        Assert.Equal((400, """{"code":0,"message":"Transport unknown"}"""), await there.StatusAsync("?EIO=4&transport=POLLİNG"));
        Assert.Equal((400, """{"code":0,"message":"Transport unknown"}"""), await there.StatusAsync("?EIO=4&transport=POLLING"));
    }

    // The culture flows with the request into all that it begins.
    private sealed class Elsewhere(CultureInfo culture) : AttackedServer
    {
        public async Task<(int Status, string Body)> StatusAsync(string query)
        {
            var reply = await Host.GetAsync("/socket.io/" + Uri.EscapeDataString(query).Replace("%3F", "?", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal).Replace("%26", "&", StringComparison.Ordinal));
            return (reply.Status, reply.Body);
        }

        protected override void Use(WebApplication app) => app.Use((_, next) =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
            return next();
        });
    }
}

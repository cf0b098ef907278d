using System.Text;

namespace SocketIOServer.EngineIO.Tests;

public sealed class JsonpTests : EngineTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string Forbidden = """{"code":4,"message":"Forbidden"}""";

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Is_off_by_default(int eio)
    {
        var host = await StartAsync();

        Assert.Equal((400, BadRequest), await host.RequestAsync($"?EIO={eio}&transport=polling&j=0", change: SameSite));
    }

    [Fact]
    public async Task The_answer_is_a_script_that_calls_back()
    {
        var host = await StartJsonpAsync();

        var open = await host.AskAsync("/engine.io/?EIO=4&transport=polling&j=7", change: SameSite);
        var sid = host.Single().Session.Id;

        Assert.Equal(
            $$"""___eio[7]("0{\u0022sid\u0022:\u0022{{sid}}\u0022,\u0022upgrades\u0022:[\u0022websocket\u0022],\u0022pingInterval\u0022:25000,\u0022pingTimeout\u0022:20000,\u0022maxPayload\u0022:1000000}");""",
            open.Body);
        Assert.Equal(("text/javascript; charset=UTF-8", "nosniff", "no-store"), (open["Content-Type"], open["X-Content-Type-Options"], open["Cache-Control"]));
    }

    [Fact]
    public async Task Nothing_in_a_message_ends_the_string_or_the_script()
    {
        var host = await StartJsonpAsync();
        var client = await ConnectAsync(host, 4);

        host.Single().Send("\"\\\n\u2028\u2029</script><!--'");

        Assert.Equal("""___eio[0]("4\u0022\\\n\u2028\u2029\u003C/script\u003E\u003C!--\u0027");""", await PollAsync(host, client));
    }

    [Fact]
    public async Task Lengths_of_revision_3_count_the_payload_before_it_is_wrapped()
    {
        var host = await StartJsonpAsync();
        var client = await ConnectAsync(host, 3);

        host.Single().Send("\"");
        host.Single().Send([1, 2, 3, 4]);

        Assert.Equal("""___eio[0]("2:4\u002210:b4AQIDBA==");""", await PollAsync(host, client));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("alert(1)//")]
    [InlineData("٣")]
    [InlineData("12345678901")]
    [InlineData("0&j=x")]
    public async Task An_index_is_one_to_ten_digits(string index)
    {
        var host = await StartJsonpAsync();

        Assert.Equal((400, BadRequest), await host.RequestAsync($"?EIO=4&transport=polling&j={index}", change: SameSite));
    }

    [Theory]
    [InlineData("d=4hi", "hi")]
    [InlineData("d=4a+b%2Bc%26d%3D", "a b+c&d=")]
    [InlineData("d=4%E2%82%AC", "€")]
    [InlineData("d=4a%5Cnb", "a\nb")]
    [InlineData("d=4a%5C%5Cnb", "a\\nb")]
    [InlineData("d=4a%5Cb", "a\\b")]
    [InlineData("d=4hi&d=4again&x=1", "hi")]
    public async Task A_post_brings_its_payload_in_the_field_d(string body, string text)
    {
        var host = await StartJsonpAsync();
        var client = await ConnectAsync(host, 4);

        var (status, answer) = await PostAsync(host, client, body);

        Assert.Equal((200, "ok"), (status, answer));
        Assert.Equal([text], host.Single().Received);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d=")]
    [InlineData("d")]
    [InlineData("x=4hi")]
    [InlineData("d=4%")]
    [InlineData("d=4%2")]
    [InlineData("d=4%zz")]
    [InlineData("d=4%FF")]
    public async Task A_broken_form_gets_400_and_closes_the_session(string body)
    {
        var host = await StartJsonpAsync();
        var client = await ConnectAsync(host, 4);

        Assert.Equal((400, ""), await PostAsync(host, client, body));

        Assert.Equal("parse error", (await host.Single().Closed).Text);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "none", 403)]
    [InlineData("Referer", "http://HOST/page?x=1", 200)]
    [InlineData("Referer", "http://evil.example/HOST", 403)]
    [InlineData("Referer", "http://HOST@evil.example/", 403)]
    [InlineData("Referer", "https://HOST/", 403)]
    [InlineData("Referer", "nonsense", 403)]
    [InlineData("Origin", "http://HOST", 200)]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("X-Nothing", "", 403)]
    public async Task A_script_must_show_that_its_page_is_ours(string header, string value, int status)
    {
        var host = await StartJsonpAsync();
        var ours = value.Replace("HOST", host.Web.Address.Authority, StringComparison.Ordinal);

        var answer = await host.RequestAsync("?EIO=4&transport=polling&j=0", change: request => request.Headers.TryAddWithoutValidation(header, ours));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 403, answer.Body == Forbidden);
    }

    private static void SameSite(HttpRequestMessage request) => request.Headers.Add("Sec-Fetch-Site", "same-origin");

    private static async Task<string> ConnectAsync(EngineHost host, int eio)
    {
        await host.RequestAsync($"?EIO={eio}&transport=polling&j=0", change: SameSite);
        return $"?EIO={eio}&transport=polling&j=0&sid={host.Single().Session.Id}";
    }

    private static async Task<string> PollAsync(EngineHost host, string url) => (await host.RequestAsync(url, change: SameSite)).Body;

    private static Task<(int Status, string Body)> PostAsync(EngineHost host, string url, string body) => host.RequestAsync(url, "POST", request =>
    {
        SameSite(request);
        request.Content = new StringContent(body, Encoding.UTF8, Form);
    });

    private Task<EngineHost> StartJsonpAsync() => StartAsync(options => options.AllowJsonp = true);
}

using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Which refusals have a line of their own in the log, and what developers get in the response.</summary>
public sealed class RefusalLineTests : EngineTests
{
    private const string Handshake = "?EIO=4&transport=polling";

    [Theory]
    [InlineData("?EIO=4&transport=websocket", "?EIO=4&transport=polling&j=0")]
    [InlineData("?EIO=5&transport=polling", "?EIO=2&transport=polling")]
    public async Task A_refusal_hides_no_other_of_the_same_code(string first, string second)
    {
        var host = await StartAsync("Production");

        foreach (var query in (string[])[first, second, first, second]) await Http11.AskAsync(host, query, "");

        Assert.Equal(2, Warnings(host).Length);
    }

    [Fact]
    public async Task A79_A_flood_of_one_kind_hides_no_other()
    {
        var host = await StartAsync("Production");
        for (var i = 0; i < 2 * RefusalLog.MaxWarnings; i++) await Http11.AskAsync(host, Handshake, $"Origin: http://{i}.example\r\n");

        await Http11.AskAsync(host, "?EIO=9&transport=polling", "");

        Assert.Contains("EIO='9'", Warnings(host)[^1], StringComparison.Ordinal);
    }

    // Pasted, AllowCredentials would let the frames of any site act as the visitor.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_line_for_the_origin_null_suggests_no_credentials_and_blames_no_proxy(bool hasPolicy)
    {
        var host = Keep(await EngineHost.StartAsync(
            build: app => app.Services.AddCors(),
            use: app =>
            {
                if (hasPolicy) app.UseCors(policy => policy.WithOrigins("http://friend.example"));
            }));

        await Http11.AskAsync(host, Handshake, "Origin: null\r\n");

        var line = Assert.Single(Warnings(host));
        Assert.Contains(".WithOrigins(\"null\") without AllowCredentials()", line, StringComparison.Ordinal);
        Assert.DoesNotContain(".AllowCredentials()", line, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_in_a_response_can_be_pasted()
    {
        var host = await StartAsync("Development");

        var answer = await Http11.AskAsync(host, Handshake, "Origin: http://page.example\r\n");

        Assert.Contains("""AddCors(o => o.AddDefaultPolicy(p => p.WithOrigins(\"http://page.example\")""", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "Content-Length: 1\r\n\r\nx", 400, "parser")]
    [InlineData("POST", "Content-Length: 11\r\n\r\n", 413, "MaxPayload, which is 10 bytes")]
    [InlineData("POST", "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n4hi", 415, "UseRequestDecompression")]
    [InlineData("PUT", "Content-Length: 3\r\n\r\n4hi", 405, "GET and POST, and this request is PUT")]
    public async Task A_refused_request_of_a_session_says_why_in_Development_alone(string method, string rest, int status, string details)
    {
        foreach (var environment in (string[])["Development", "Production"])
        {
            var host = Keep(await EngineHost.StartAsync(options => options.MaxPayload = 10, build: app => app.Environment.EnvironmentName = environment));
            var client = await host.PollAsync();

            await using var raw = await RawConnection.OpenAsync(host.Web.Address);
            await raw.SendAsync($"{method} {client.Url} HTTP/1.1\r\nHost: {host.Web.Address.Authority}\r\n{rest}");
            var head = await raw.ReadHeadAsync();

            Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
            if (environment == "Development") Assert.Contains(details, await ReadDetailsAsync(raw, head), StringComparison.Ordinal);
            else Assert.Contains("Content-Length: 0\r\n", head, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(details, Assert.Single(Warnings(host)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_polls_at_once_say_why_in_Development()
    {
        var host = await StartAsync("Development");
        var client = await host.PollAsync();
        var first = await host.StartPollAsync(client);

        var (status, body) = await host.RequestAsync(client.Url[EngineHost.Path.Length..]);

        Assert.Equal(400, status);
        Assert.Contains("at the same time", JsonDocument.Parse(body).RootElement.GetProperty("details").GetString(), StringComparison.Ordinal);
        await first.Task;
    }

    // The client has one more poll on its way when the server ends its session.
    [Theory]
    [InlineData("x", "not valid")]
    [InlineData("4123456789012", "MaxPayload")]
    [InlineData("1", "transport close")]
    public async Task A_late_poll_of_a_session_that_ended_here_is_no_second_line_and_blames_no_proxy(string packet, string details)
    {
        var host = Keep(await EngineHost.StartAsync(options => options.MaxPayload = 10, build: app => app.Environment.EnvironmentName = "Development"));
        var client = await host.PollAsync();
        await client.PostAsync(packet);
        await host.Find(client).Closed;
        var before = Warnings(host).Length;
        host.Time.Advance(TimeSpan.FromSeconds(30));

        var (status, body) = await host.RequestAsync(client.Url[EngineHost.Path.Length..], change: request => request.Headers.Add("Origin", host.Web.Address.GetLeftPart(UriPartial.Authority)));

        var text = JsonDocument.Parse(body).RootElement.GetProperty("details").GetString()!;
        Assert.Equal(400, status);
        Assert.Contains(details, text, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy", text, StringComparison.Ordinal);
        Assert.Equal(before, Warnings(host).Length);
    }

    [Fact]
    public async Task The_line_for_MaxSessions_says_what_to_do()
    {
        var host = Keep(await EngineHost.StartAsync(options => options.MaxSessions = 1));
        await host.PollAsync();

        Assert.Equal(503, (await Http11.AskAsync(host, Handshake, "")).Status);

        Assert.Contains("Increase MaxSessions", Assert.Single(Warnings(host)), StringComparison.Ordinal);
    }

    // The browser throws the response away, and the client says "xhr poll error" for ever.
    [Theory]
    [InlineData(false, "?EIO=4&transport=polling", "", 1)]
    [InlineData(true, "?EIO=4&transport=polling", "", 0)]
    [InlineData(false, "?EIO=4&transport=websocket", Http11.Upgrade, 0)]
    public async Task A_policy_without_its_middleware_is_warned_of(bool usesCors, string query, string headers, int lines)
    {
        var host = Keep(await EngineHost.StartAsync(
            build: app => app.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("http://page.example"))),
            use: app =>
            {
                if (usesCors) app.UseCors();
            }));

        for (var i = 0; i < 2; i++) Assert.InRange((await Http11.AskAsync(host, query, "Origin: http://page.example\r\n" + headers)).Status, 101, 200);

        Assert.Equal(lines, Lines(host).Count(line => line.Contains("app.UseCors() did not run", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: same-site\r\n", 1)]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", 1)]
    [InlineData("", 0)]
    public async Task In_Development_a_local_page_without_a_policy_is_warned_of(string headers, int lines)
    {
        var host = await StartAsync("Development");

        Assert.Equal(200, (await Http11.AskAsync(host, Handshake, "Origin: http://localhost:5173\r\n" + headers)).Status);

        Assert.Equal(lines, Lines(host).Count(line => line.Contains(".WithOrigins(\"http://localhost:5173\")", StringComparison.Ordinal)));
    }

    // security.md, "Origins": the browser compares the page with the address that it requested, and no page can set the header.
    [Theory]
    [InlineData("https://page.example", "same-origin", 200)]
    [InlineData("https://page.example", "same-site", 403)]
    [InlineData("https://page.example", "none", 403)]
    public async Task The_browsers_own_word_counts_more_than_a_host_that_a_proxy_has_rewritten(string origin, string site, int status)
    {
        var host = await StartAsync("Production");

        var (get, post, webSocket) = await Http11.AskAllAsync(host, $"Origin: {origin}\r\nSec-Fetch-Site: {site}\r\n");

        Assert.Equal((status, status, status == 200 ? 101 : status), (get, post, webSocket));
    }

    private static async Task<string> ReadDetailsAsync(RawConnection raw, string head)
    {
        var length = head.Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))["Content-Length: ".Length..];
        using var json = JsonDocument.Parse(await raw.ReadAsync(int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)));
        return json.RootElement.GetProperty("details").GetString()!;
    }

    private static string[] Lines(EngineHost host) => [.. host.Web.Log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];

    private static string[] Warnings(EngineHost host) => [.. Lines(host).Where(line => line.StartsWith("Refused (", StringComparison.Ordinal))];

    private async Task<EngineHost> StartAsync(string environment) => Keep(await EngineHost.StartAsync(build: app => app.Environment.EnvironmentName = environment));
}

using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>What is refused says why: one warning for each reason, origin and host, and in Development the answer too.</summary>
public sealed class RefusalTests : EngineTests
{
    [Theory]
    [InlineData("?EIO=4&transport=polling", "Origin: http://evil.example\r\n", 403, "'http://evil.example' is not the server's 'http://127.0.0.1", ".WithOrigins(\"http://evil.example\")")]
    [InlineData("?EIO=4&transport=polling", "Host: example.com\r\nOrigin: https://example.com\r\n", 403, "the scheme differs", "UseForwardedHeaders")]
    [InlineData("?EIO=4&transport=polling", "Host: example.com:81\r\nOrigin: http://example.com\r\n", 403, "the port differs", "proxy_set_header Host $http_host")]
    [InlineData("?EIO=4&transport=polling", "Sec-Fetch-Site: cross-site\r\n", 403, "Sec-Fetch-Site is 'cross-site'", "Referrer-Policy")]
    [InlineData("?EIO=2&transport=polling", "", 400, "EIO='2'", "engine.io/3, engine.io/4")]
    [InlineData("?EIO=4", "", 400, "transport=''", "polling, websocket")]
    [InlineData("?EIO=4&transport=websocket", "", 400, "without the headers of a WebSocket", "Upgrade and Connection")]
    [InlineData("?EIO=4&transport=polling&sid=x", "", 400, "no session with this sid", "all requests of a session to the same server")]
    [InlineData("?EIO=4&transport=polling&j=0", "", 400, "JSONP, which is off", "AllowJsonp = true")]
    public async Task A_refusal_names_what_was_compared_and_what_would_let_it_in(string query, string headers, int status, string compared, string cure)
    {
        var host = await StartAsync("Development");

        var answer = await Http11.AskAsync(host, query, headers);
        await Http11.AskAsync(host, query, headers);

        var json = JsonDocument.Parse(answer.Body).RootElement;
        var details = json.GetProperty("details").GetString()!;
        Assert.Equal(status, answer.Status);
        Assert.Contains(compared, details, StringComparison.Ordinal);
        Assert.Contains(cure, details, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(json.GetProperty("message").GetString()));
        Assert.InRange(json.GetProperty("code").GetInt32(), 0, 5);
        Assert.Contains(details, Assert.Single(Warnings(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_Development_the_answer_tells_no_more_than_its_code()
    {
        var host = await StartAsync("Production");

        var answer = await Http11.AskAsync(host, "?EIO=4&transport=polling", "Origin: http://evil.example\r\n");

        Assert.Equal("""{"code":4,"message":"Forbidden"}""", answer.Body);
        Assert.Single(Warnings(host));
    }

    [Fact]
    public async Task Each_pair_of_origin_and_host_has_its_own_warning_and_the_same_again_after_an_hour()
    {
        var host = await StartAsync("Production");

        async Task AskAsync(string origin) => await Http11.AskAsync(host, "?EIO=4&transport=polling", $"Origin: http://{origin}.example\r\n");
        foreach (var origin in (string[])["a", "b", "a", "b"]) await AskAsync(origin);
        Assert.Equal(2, Warnings(host).Count());
        host.Time.Advance(TimeSpan.FromHours(1));
        await AskAsync("a");

        Assert.Equal(3, Warnings(host).Count());
    }

    // A79: whoever wants to fill a log finds it full already.
    [Fact]
    public async Task A79_Strangers_cause_a_limited_number_of_warnings_of_one_kind_in_an_hour()
    {
        var host = await StartAsync("Production");

        for (var i = 0; i < 2 * RefusalLog.MaxWarnings; i++) await Http11.AskAsync(host, "?EIO=4&transport=polling", $"Origin: http://{i}.example\r\n");

        Assert.Equal(RefusalLog.MaxWarnings + 1, Warnings(host).Count());
        Assert.Equal(RefusalLog.MaxWarnings, host.Web.Log.Lines.Count(line => line.Text.StartsWith("Refused (", StringComparison.Ordinal) && line.Level == LogLevel.Debug));
    }

    // Neither a line of the log nor an answer is a stranger's to write.
    [Theory]
    [InlineData("http://\u001b[31mevil", "Forbidden|Bad request")]
    [InlineData("http://evil\u2028\u0085\u202e.example", "Forbidden")]
    [InlineData("http://<script>alert('x')</script>\"\\", "Forbidden")]
    public async Task A79_What_a_request_says_is_escaped(string origin, string messages)
    {
        var host = await StartAsync("Development");

        var answer = await Http11.AskAsync(host, "?EIO=4&transport=polling", $"Origin: {origin}\r\n");

        Assert.Contains(JsonDocument.Parse(answer.Body).RootElement.GetProperty("message").GetString(), messages.Split('|'));
        Assert.DoesNotContain('<', answer.Body);
        Assert.All(host.Web.Log.Lines.Where(line => line.Category != "Microsoft.AspNetCore.Hosting.Diagnostics"), line => Assert.DoesNotContain(line.Text, c => c is < ' ' or > '~'));
    }

    [Theory]
    [InlineData("x", "(parse_error)", "option Parser")]
    [InlineData("4123456789012", "(too_large)", "MaxPayload, which is 10 bytes")]
    public async Task A_connection_that_is_closed_for_what_its_client_sent_says_so(string packet, string reason, string details)
    {
        var host = Keep(await EngineHost.StartAsync(options => options.MaxPayload = 10));

        for (var i = 0; i < 2; i++)
        {
            var client = await host.PollAsync();
            await client.PostAsync(packet);
            await host.Find(client).Closed;
        }

        var warning = Assert.Single(Warnings(host));
        Assert.Contains(reason, warning, StringComparison.Ordinal);
        Assert.Contains(details, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_origin_is_cut()
    {
        var host = await StartAsync("Development");

        var answer = await Http11.AskAsync(host, "?EIO=4&transport=polling", $"Origin: http://{new string('a', 8000)}\r\n");

        Assert.InRange(answer.Body.Length, 100, 2000);
        Assert.InRange(Assert.Single(Warnings(host)).Length, 100, 2000);
    }

    private static IEnumerable<string> Warnings(EngineHost host) => host.Web.Log.Lines.Where(line => line.Level == LogLevel.Warning && line.Text.Contains("efus", StringComparison.Ordinal)).Select(line => line.Text);

    private async Task<EngineHost> StartAsync(string environment) => Keep(await EngineHost.StartAsync(build: app => app.Environment.EnvironmentName = environment));
}

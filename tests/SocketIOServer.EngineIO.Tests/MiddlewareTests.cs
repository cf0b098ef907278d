using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpLogging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>ASP.NET's own middleware in front of the endpoint: what acts on requests that take long, on their bodies and on their answers.</summary>
public sealed class MiddlewareTests : EngineTests
{
    // A poll waits as long as nothing is sent, so a timeout for all requests would cut every one of them.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_timeout_for_all_requests_cuts_no_poll_and_no_WebSocket(bool isBeforeRouting)
    {
        var host = await StartAsync(
            build => build.Services.AddRequestTimeouts(options => options.DefaultPolicy = new() { Timeout = TimeSpan.FromMilliseconds(1) }),
            app =>
            {
                app.UseRequestTimeouts();
                if (isBeforeRouting) app.UseRouting();
            });
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);
        await using var socket = await host.ConnectAsync();

        // Real time, and much more than the policy's: it has to have had its chance.
        await Task.Delay(50, TestContext.Current.CancellationToken);
        host.Find(client).Send("late");

        Assert.Equal("4late", await poll.Task);
        await EchoAsync(socket);
    }

    // The cache heeds no Cache-Control of the answer: the second client would get the session of the first.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_output_cache_for_all_requests_keeps_no_handshake(bool isBeforeRouting)
    {
        var host = await StartAsync(
            build => build.Services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache().Expire(TimeSpan.FromDays(1)))),
            app =>
            {
                app.UseOutputCache();
                if (isBeforeRouting) app.UseRouting();
            });

        var first = await host.PollAsync();
        var second = await host.PollAsync();
        var waiting = await host.StartPollAsync(first);
        host.Find(first).Send("one");

        Assert.NotEqual(first.Sid, second.Sid);
        Assert.Equal("4one", await waiting.Task);
        host.Find(first).Send("two");
        Assert.Equal("4two", await first.PollAsync());
    }

    [Fact]
    public async Task A_response_cache_keeps_no_handshake()
    {
        var host = await StartAsync(build => build.Services.AddResponseCaching(), app => app.UseResponseCaching());

        Assert.NotEqual((await host.PollAsync()).Sid, (await host.PollAsync()).Sid);
    }

    [Fact]
    public async Task Compressed_answers_are_the_same_answers()
    {
        var host = await StartAsync(build => build.Services.AddResponseCompression(), app => app.UseResponseCompression());
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { BaseAddress = host.Web.Address };
        http.DefaultRequestHeaders.AcceptEncoding.Add(new("gzip"));
        var client = await host.PollAsync();
        var text = new string('x', 5000);
        host.Find(client).Send(text);

        using var answer = await http.GetAsync(new Uri(client.Url, UriKind.Relative), TestContext.Current.CancellationToken);
        using var inflated = new StreamReader(new GZipStream(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress));

        Assert.Equal("4" + text, await inflated.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Compressed_bodies_are_read_where_the_program_has_that_on_and_counted_as_they_inflate()
    {
        var host = await StartAsync(build => build.Services.AddRequestDecompression(), app => app.UseRequestDecompression(), options => options.MaxPayload = 10_000);
        var client = await host.PollAsync();

        Assert.Equal((200, "ok"), await PostGzipAsync(host, client, "4" + new string('x', 5000)));
        Assert.Equal("4" + new string('x', 5000), await client.PollAsync());
        Assert.Equal((413, ""), await PostGzipAsync(host, client, "4" + new string('x', 50_000)));
    }

    [Fact]
    public async Task Pages_for_status_codes_leave_the_answers_as_they_are()
    {
        var host = await StartAsync(use: app => app.UseStatusCodePages("text/plain", "a page for {0}"));
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        Assert.Equal("", await client.PollAsync());
        Assert.Equal("1", await poll.Task);
        Assert.Equal((400, """{"code":1,"message":"Session ID unknown"}"""), await host.RequestAsync("?EIO=4&transport=polling&sid=x"));
    }

    [Fact]
    public async Task Antiforgery_is_about_forms_and_not_about_posts_of_packets()
    {
        var host = await StartAsync(build => build.Services.AddAntiforgery(), app => app.UseAntiforgery(), options => (options.AllowJsonp, options.CheckOrigin) = (true, false));
        var client = await host.PollAsync();

        var answer = await host.RequestAsync($"?EIO=4&transport=polling&j=0&sid={client.Sid}", "POST", request =>
            request.Content = new FormUrlEncodedContent([new("d", "4hi")]));

        Assert.Equal((200, "ok"), answer);
        Assert.Equal("4hi", await client.PollAsync());
    }

    // Each waiting poll and each WebSocket has a permit of a concurrency limiter for as long as it lasts: the endpoint can be taken out of it.
    [Fact]
    public async Task A_rate_limiter_for_all_requests_can_leave_the_endpoint_out()
    {
        var host = Keep(await EngineHost.StartAsync(
            build: build => build.Services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<Microsoft.AspNetCore.Http.HttpContext, int>(
                _ => RateLimitPartition.GetConcurrencyLimiter(0, _ => new() { PermitLimit = 1 }))),
            use: app => app.UseRateLimiter(),
            endpoint: endpoint => endpoint.DisableRateLimiting()));
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));

        Assert.Equal("4hi", await poll.Task);
    }

    [Fact]
    public async Task The_frameworks_own_WebSockets_and_its_log_of_requests_may_be_on()
    {
        var host = await StartAsync(
            build => build.Services.AddHttpLogging(options => (options.LoggingFields, options.CombineLogs) = (HttpLoggingFields.All, true)),
            app =>
            {
                app.UseHttpLogging();
                app.UseWebSockets();
            });
        var client = await host.PollAsync();
        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));
        Assert.Equal("4hi", await client.PollAsync());
        await using var socket = await host.ProbeAsync(client);
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");

        await EchoAsync(socket);
    }

    [Fact]
    public async Task Beyond_Kestrels_own_limit_of_WebSockets_the_answer_is_503_and_polling_goes_on()
    {
        var host = await StartAsync(build => build.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxConcurrentUpgradedConnections = 1));
        await using var first = await host.ConnectAsync();
        var client = await host.PollAsync();
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);

        await raw.SendAsync(RawWebSocket.Request($"{EngineHost.Path}?EIO=4&transport=websocket&sid={client.Sid}"));

        Assert.StartsWith("HTTP/1.1 503 ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));
        Assert.Equal("4hi", await client.PollAsync());
        Assert.Contains(host.Web.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("MaxConcurrentUpgradedConnections", StringComparison.Ordinal));
    }

    private static async Task<(int Status, string Body)> PostGzipAsync(EngineHost host, PollingClient client, string text)
    {
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(text));
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain;charset=UTF-8");
        content.Headers.ContentEncoding.Add("gzip");
        using var answer = await host.Http.PostAsync(new Uri(client.Url, UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<EngineHost> StartAsync(Action<WebApplicationBuilder>? build = null, Action<WebApplication>? use = null, Action<EngineOptions>? options = null) =>
        Keep(await EngineHost.StartAsync(options, build: build, use: use));
}

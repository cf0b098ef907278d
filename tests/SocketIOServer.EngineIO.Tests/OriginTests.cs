using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.EngineIO.Tests;

public sealed class OriginTests : EngineTests
{
    private const string Forbidden = """{"code":4,"message":"Forbidden"}""";

    [Theory]
    [InlineData("http://HOST", 200)]
    [InlineData("HTTP://HOST", 200)]
    [InlineData("HOST", 200)]
    [InlineData("https://HOST", 403)]
    [InlineData("http://evil.example", 403)]
    [InlineData("http://HOST.evil.example", 403)]
    [InlineData("http://evil.example/http://HOST", 403)]
    [InlineData("http://127.0.0.1", 403)]
    [InlineData("http://HOST/", 200)]
    [InlineData("http://HOST.evil.example/http://HOST/", 403)]
    [InlineData("null", 403)]
    [InlineData("chrome-extension://abcdef", 403)]
    [InlineData("*", 200)]
    [InlineData("**", 403)]
    [InlineData("file://HOST", 403)]
    public async Task A_handshake_from_another_origin_is_refused_on_either_transport(string origin, int status)
    {
        var host = await StartAsync();

        Assert.Equal(status, await PollAsync(host, origin));
        Assert.Equal(status == 200 ? 101 : status, await OpenAsync(host, origin));
    }

    [Fact]
    public async Task The_answer_tells_no_more_than_its_code()
    {
        var host = await StartAsync();

        var answer = await host.AskAsync("/engine.io/?EIO=4&transport=polling", change: request => request.Headers.Add("Origin", "http://evil.example"));

        Assert.Equal((403, Forbidden), (answer.Status, answer.Body));
        Assert.Null(answer["Access-Control-Allow-Origin"]);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task Later_requests_are_judged_too_and_the_session_lives()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();
        host.Find(client).Send("secret");

        Assert.Equal((403, Forbidden), await SendAsync(host, client.Url, "GET"));
        Assert.Equal((403, Forbidden), await SendAsync(host, client.Url, "POST"));
        Assert.Equal(403, await OpenAsync(host, "http://evil.example", $"&sid={client.Sid}"));

        Assert.Equal("4secret", await client.PollAsync());
        Assert.Empty(host.Find(client).Received);
    }

    [Fact]
    public async Task Programs_that_send_no_origin_may_pass()
    {
        var host = await StartAsync();

        Assert.Equal(200, (await host.RequestAsync("?EIO=4&transport=polling")).Status);
    }

    [Theory]
    [InlineData("http://friend.example", 200)]
    [InlineData("http://evil.example", 403)]
    [InlineData("null", 403)]
    public async Task The_default_CORS_policy_opens_both_transports(string origin, int status)
    {
        var host = Keep(await EngineHost.StartAsync(
            build: app => app.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("http://friend.example").AllowCredentials())),
            use: app => app.UseCors()));

        Assert.Equal(status, await PollAsync(host, origin));
        Assert.Equal(status == 200 ? 101 : status, await OpenAsync(host, origin));
    }

    [Theory]
    [InlineData("http://friend.example", 200)]
    [InlineData("http://other.example", 403)]
    public async Task The_policy_that_the_endpoint_names_counts_instead_of_the_default_one(string origin, int status)
    {
        var host = Keep(await EngineHost.StartAsync(
            build: app => app.Services.AddCors(cors =>
            {
                cors.AddDefaultPolicy(policy => policy.WithOrigins("http://other.example"));
                cors.AddPolicy("sockets", policy => policy.WithOrigins("http://friend.example"));
            }),
            use: app => app.UseCors(),
            endpoint: endpoint => endpoint.RequireCors("sockets")));

        Assert.Equal(status, await PollAsync(host, origin));
        Assert.Equal(status == 200 ? 101 : status, await OpenAsync(host, origin));
    }

    [Fact]
    public async Task A_policy_built_at_the_endpoint_counts()
    {
        var host = Keep(await EngineHost.StartAsync(
            build: app => app.Services.AddCors(),
            use: app => app.UseCors(),
            endpoint: endpoint => endpoint.RequireCors(policy => policy.WithOrigins("http://friend.example"))));

        Assert.Equal(200, await PollAsync(host, "http://friend.example"));
        Assert.Equal(403, await PollAsync(host, "http://evil.example"));
    }

    [Fact]
    public async Task The_CORS_headers_are_ASP_NETs_own_and_a_preflight_is_answered_before_us()
    {
        var host = Keep(await EngineHost.StartAsync(
            build: app => app.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("http://friend.example").AllowCredentials())),
            use: app => app.UseCors()));

        var poll = await host.AskAsync("/engine.io/?EIO=4&transport=polling", change: request => request.Headers.Add("Origin", "http://friend.example"));
        var preflight = await host.AskAsync("/engine.io/?EIO=4&transport=polling", "OPTIONS", request =>
        {
            request.Headers.Add("Origin", "http://friend.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
        });

        Assert.Equal(("http://friend.example", "true"), (poll["Access-Control-Allow-Origin"], poll["Access-Control-Allow-Credentials"]));
        Assert.Equal((204, "http://friend.example"), (preflight.Status, preflight["Access-Control-Allow-Origin"]));
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task The_check_can_be_switched_off(string origin)
    {
        var host = await StartAsync(options => options.CheckOrigin = false);

        Assert.Equal(200, await PollAsync(host, origin));
        Assert.Equal(101, await OpenAsync(host, origin));
    }

    private static async Task<int> PollAsync(EngineHost host, string origin) =>
        (await host.RequestAsync("?EIO=4&transport=polling", change: request => request.Headers.TryAddWithoutValidation("Origin", Named(host, origin)))).Status;

    private static Task<(int Status, string Body)> SendAsync(EngineHost host, string url, string method) =>
        host.RequestAsync(url[url.IndexOf('?', StringComparison.Ordinal)..], method, request =>
        {
            request.Headers.Add("Origin", "http://evil.example");
            request.Content = method == "POST" ? new StringContent("4hi") : null;
        });

    private static async Task<int> OpenAsync(EngineHost host, string origin, string query = "")
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", Named(host, origin));
        using var patience = new CancellationTokenSource(TestHost.Patience);
        var url = new Uri($"ws://{host.Web.Address.Authority}/engine.io/?EIO=4&transport=websocket{query}");
        await Record.ExceptionAsync(() => socket.ConnectAsync(url, patience.Token));
        return (int)socket.HttpStatusCode;
    }

    private static string Named(EngineHost host, string origin) => origin.Replace("HOST", host.Web.Address.Authority, StringComparison.Ordinal);
}

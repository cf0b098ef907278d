using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>A page that may connect without credentials never does so in the name of whoever looks at it (ATTACKS A44, A39).</summary>
public sealed class CredentialsTests : EngineTests
{
    private const string Stranger = "Origin: http://stranger.example\r\n";
    private const string SignedIn = "Cookie: user=ann\r\n";

    private static readonly Action<CorsPolicyBuilder> Any = policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod();

    [Theory]
    [InlineData("", 200, 101, null)]
    [InlineData("Cookie: theme=dark\r\n", 200, 101, null)]
    [InlineData(SignedIn, 403, 403, null)]
    [InlineData("Authorization: Bearer ann\r\n", 200, 101, "ann")]
    [InlineData("Authorization: Basic ann\r\n", 403, 403, null)]
    [InlineData("Authorization: Negotiate ann\r\n", 403, 403, null)]
    public async Task Without_AllowCredentials_a_strangers_page_opens_no_session_of_a_signed_in_user(string headers, int get, int webSocket, string? user)
    {
        var host = await StartAsync(Any);

        var polled = await Http11.AskAsync(host, "?EIO=4&transport=polling", Stranger + headers);
        var opened = await Http11.AskAsync(host, "?EIO=4&transport=websocket", Stranger + headers + Http11.Upgrade);

        Assert.Equal((get, webSocket), (polled.Status, opened.Status));
        Assert.All(host.All, client => Assert.Equal(user, client.Session.Request.UserId));
        Assert.All(host.All, client => Assert.Equal("", client.Session.Request.CreateHeaders().Cookie.ToString()));
    }

    [Theory]
    [InlineData(true, 200, 101)]
    [InlineData(false, 403, 403)]
    public async Task A_named_origin_with_AllowCredentials_connects_as_the_user(bool withCredentials, int get, int webSocket)
    {
        var host = await StartAsync(policy =>
        {
            policy.WithOrigins("http://stranger.example");
            if (withCredentials) policy.AllowCredentials();
        });

        var polled = await Http11.AskAsync(host, "?EIO=3&transport=polling", Stranger + SignedIn);
        var opened = await Http11.AskAsync(host, "?EIO=3&transport=websocket", Stranger + SignedIn + Http11.Upgrade);

        Assert.Equal((get, webSocket), (polled.Status, opened.Status));
        Assert.All(host.All, client => Assert.Equal("ann", client.Session.Request.UserId));
        Assert.All(host.All, client => Assert.Equal("user=ann", client.Session.Request.CreateHeaders().Cookie.ToString()));
    }

    // XMLHttpRequest leaves the cookies out and WebSocket never does.
    [Fact]
    public async Task An_anonymous_session_moves_to_a_WebSocket_that_carries_cookies_and_stays_anonymous()
    {
        var host = await StartAsync(Any);
        await Http11.AskAsync(host, "?EIO=4&transport=polling", Stranger);
        var session = host.Single().Session;

        var upgrade = await Http11.AskAsync(host, $"?EIO=4&transport=websocket&sid={session.Id}", Stranger + SignedIn + Http11.Upgrade);

        Assert.Equal(101, upgrade.Status);
        Assert.Null(session.Request.UserId);
    }

    [Fact]
    public async Task The_session_of_a_user_is_closed_to_that_users_own_cookies_from_a_strangers_page()
    {
        var host = await StartAsync(Any);
        await Http11.AskAsync(host, "?EIO=4&transport=polling", SignedIn);

        var post = await Http11.AskAsync(host, $"?EIO=4&transport=polling&sid={host.Single().Session.Id}", Stranger + SignedIn, "POST");

        Assert.Equal(403, post.Status);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData(SignedIn, 200)]
    public async Task Our_own_page_and_programs_keep_their_cookies(string headers, int status)
    {
        var host = await StartAsync(Any);

        foreach (var origin in (string[])["", "Origin: http://{HOST}\r\n"])
            Assert.Equal(status, (await Http11.AskAsync(host, "?EIO=4&transport=polling", origin + headers)).Status);

        Assert.All(host.All, client => Assert.Equal(headers.Length > 0 ? "ann" : null, client.Session.Request.UserId));
    }

    // arduinoWebSockets (ESP8266, ESP32) says so in every request, and Chromium for a page that is a file.
    // The star is what older PHP clients say (Elephant.IO 3).
    [Theory]
    [InlineData("file://", "", 200, 200, 101)]
    [InlineData("file://", SignedIn, 403, 200, 403)]
    [InlineData("*", "", 200, 200, 101)]
    [InlineData("*", SignedIn, 403, 200, 403)]
    public async Task A_program_that_names_no_page_connects_as_nobody(string origin, string headers, int get, int post, int webSocket)
    {
        var host = await StartAsync(_ => { });

        Assert.Equal((get, post, webSocket), await Http11.AskAllAsync(host, $"Origin: {origin}\r\n" + headers, eio: 4));
    }

    [Fact]
    public async Task A_policy_that_names_files_lets_them_in_with_their_cookies()
    {
        var host = await StartAsync(policy => policy.WithOrigins("file://", "null").AllowCredentials());

        Assert.Equal((200, 200, 101), await Http11.AskAllAsync(host, "Origin: file://\r\n" + SignedIn));
        Assert.Equal((200, 200, 101), await Http11.AskAllAsync(host, "Origin: null\r\n" + SignedIn));
    }

    // A development server passes on what its page asks for: changeOrigin writes our Host into it and leaves the page's Origin.
    [Theory]
    [InlineData("Development", "http://localhost:5173", "127.0.0.1:5000", true)]
    [InlineData("Development", "http://127.0.0.1:5173", "localhost:5000", true)]
    [InlineData("Development", "http://[::1]:5173", "localhost:5000", true)]
    [InlineData("Development", "http://evil.example", "localhost:5000", false)]
    [InlineData("Development", "http://localhost:5173", "example.com", false)]
    [InlineData("Development", "http://localhost.evil.example:5173", "localhost:5000", false)]
    [InlineData("Production", "http://localhost:5173", "localhost:5000", false)]
    public async Task A_development_servers_page_connects_while_the_program_is_developed(string environment, string origin, string own, bool isAllowed)
    {
        var host = Keep(await EngineHost.StartAsync(build: app => app.Environment.EnvironmentName = environment));
        var headers = $"Host: {own}\r\nOrigin: {origin}\r\n";

        Assert.Equal(isAllowed ? (200, 200, 101) : (403, 403, 403), await Http11.AskAllAsync(host, headers));
        // What a browser sends where it leaves out Origin: the outcome is the same.
        var get = await Http11.AskAsync(host, "?EIO=4&transport=polling", $"Host: {own}\r\nReferer: {origin}/page\r\n");
        Assert.Equal(isAllowed ? 200 : 403, get.Status);
    }

    private static Task SignIn(HttpContext context, RequestDelegate next)
    {
        var token = context.Request.Cookies["user"] ?? context.Request.Headers.Authorization.ToString().Split(' ').LastOrDefault();
        if (!string.IsNullOrEmpty(token)) context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, token)], "test"));
        return next(context);
    }

    private async Task<EngineHost> StartAsync(Action<CorsPolicyBuilder> policy) => Keep(await EngineHost.StartAsync(
        build: app => app.Services.AddCors(cors => cors.AddDefaultPolicy(policy)),
        use: app =>
        {
            app.UseCors();
            app.Use(SignIn);
        }));
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>The server that gets a request judges its origin, and the response has the headers of CORS once.</summary>
public sealed class ForwardOriginTests
{
    private const string Page = "https://page.example";

    [Fact]
    public async Task A_page_of_another_origin_is_refused_where_the_request_arrives()
    {
        await using var servers = await ForwardingServers.StartAsync();
        var client = await PollingClient.JoinAsync(servers[0]);

        servers[1].Http.DefaultRequestHeaders.Add("Origin", Page);

        Assert.Equal(403, (await client.PollAtAsync(servers[1])).Status);
        Assert.Equal(0, servers.Node(1).Forwarded(ForwardKind.Poll));
    }

    [Fact]
    public async Task The_headers_of_Cors_come_once_and_cookies_of_the_sessions_server_pass()
    {
        await using var servers = await ForwardingServers.StartAsync(
            build: builder => builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(Page, "https://other.example").AllowCredentials())),
            use: app =>
            {
                app.UseCors();
                app.Use((HttpContext context, RequestDelegate next) =>
                {
                    context.Response.Headers.Append("Vary", "Accept");
                    return next(context);
                });
            },
            options: options => options.Events.OnHeaders = context =>
            {
                context.Headers.Append("Set-Cookie", "server=own");
                return Task.CompletedTask;
            });
        foreach (var host in servers.Hosts) host.Http.DefaultRequestHeaders.Add("Origin", Page);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");

        using var response = await servers[1].Http.GetAsync(new Uri(client.Url, UriKind.Relative));

        Assert.Equal("""42["news"]""", await response.Content.ReadAsStringAsync());
        Assert.Equal([Page], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["true"], response.Headers.GetValues("Access-Control-Allow-Credentials"));
        Assert.Equal(["Accept", "Origin"], response.Headers.Vary.Order(StringComparer.Ordinal));
        Assert.Equal(["server=own"], response.Headers.GetValues("Set-Cookie"));
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 403)]
    public async Task Without_credentials_a_page_can_use_a_session_of_no_user_only(bool isSignedIn, int status)
    {
        await using var servers = await ForwardingServers.StartAsync(
            build: builder => builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin())),
            use: app =>
            {
                app.Use((HttpContext context, RequestDelegate next) =>
                {
                    if (context.Request.Headers.Cookie.Count > 0) context.User = new(new System.Security.Claims.ClaimsIdentity([new("sub", "alice")], "test"));
                    return next(context);
                });
                app.UseCors();
            });
        // The program of the user itself, which sends no Origin.
        if (isSignedIn) servers[0].Http.DefaultRequestHeaders.Add("Cookie", "user=alice");
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");

        servers[1].Http.DefaultRequestHeaders.Add("Origin", Page);
        servers[1].Http.DefaultRequestHeaders.Add("Cookie", "user=alice");

        Assert.Equal(status, (await client.PollAtAsync(servers[1])).Status);
    }

    [Theory]
    [InlineData("same-origin", "101")]
    [InlineData("cross-site", "403")]
    public async Task A_WebSocket_may_come_from_the_page_on_which_its_session_began(string site, string status)
    {
        await using var servers = await ForwardingServers.StartAsync(
            // Otherwise the first request of a page of another site would be refused.
            build: builder => builder.Services.AddCors(), use: app => app.Use((HttpContext context, RequestDelegate next) =>
            {
                if (context.Request.Headers.Remove("X-Site", out var value)) context.Request.Headers["Sec-Fetch-Site"] = value;
                return next(context);
            }));
        servers[0].Http.DefaultRequestHeaders.Add("X-Site", site);
        if (site == "same-origin") servers[0].Http.DefaultRequestHeaders.Add("Origin", Page);
        else servers[0].Http.DefaultRequestHeaders.Remove("X-Site");
        var client = await PollingClient.JoinAsync(servers[0]);
        await using var raw = await RawConnection.OpenAsync(servers[1].Address);

        await raw.SendAsync(RawWebSocket.Request(client.Url.Replace("polling", "websocket", StringComparison.Ordinal), $"Origin: {Page}\r\n"));

        Assert.StartsWith($"HTTP/1.1 {status} ", await raw.ReadHeadAsync(), StringComparison.Ordinal);
    }
}

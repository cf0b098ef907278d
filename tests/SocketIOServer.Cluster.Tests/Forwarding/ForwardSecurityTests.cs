using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Cluster.Tests.Forwarding;

/// <summary>Who may say that a request was forwarded, and where requests are forwarded to.</summary>
public sealed class ForwardSecurityTests
{
    private const string Unknown = """{"code":1,"message":"Session ID unknown"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";

    private static readonly byte[] Key = System.Text.Encoding.UTF8.GetBytes(ForwardingServers.Secret);

    [Theory]
    [InlineData("v1;aaaa;1;;http;0;;AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("v1")]
    [InlineData("")]
    [InlineData(";;;;;;;;")]
    public async Task A_forged_header_is_refused(string header)
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        var client = await PollingClient.JoinAsync(servers[0]);

        Assert.Equal((400, BadRequest), await SendAsync(servers[0], client.Url, header));
        Assert.Equal(1, servers.Sessions(0));
    }

    [Fact]
    public async Task A_header_of_another_secret_is_refused()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");

        Assert.Equal((400, BadRequest), await SendAsync(servers[0], client.Url, Header(servers[0]).Write("another secret!!"u8.ToArray(), "GET", client.Url)));
        Assert.Equal((200, """42["news"]"""), await SendAsync(servers[0], client.Url, Header(servers[0]).Write(Key, "GET", client.Url)));
    }

    [Theory]
    [InlineData(-61, 400)]
    [InlineData(-59, 200)]
    [InlineData(59, 200)]
    [InlineData(61, 400)]
    public async Task A_header_holds_for_a_minute(int seconds, int status)
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");
        var header = Header(servers[0]) with { Time = servers[0].Time.GetUtcNow().AddSeconds(seconds) };

        Assert.Equal(status, (await SendAsync(servers[0], client.Url, header.Write(Key, "GET", client.Url))).Status);
    }

    [Fact]
    public async Task The_name_of_a_user_may_be_long()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");
        var header = Header(servers[0]) with { User = new string('x', 10_000) };

        Assert.Equal((200, """42["news"]"""), await SendAsync(servers[0], client.Url, header.Write(Key, "GET", client.Url)));
    }

    [Theory]
    [InlineData("GET", "/socket.io/?EIO=4&transport=polling&sid=")]
    [InlineData("GET", "/other")]
    [InlineData("POST", null)]
    public async Task A_header_holds_for_one_method_path_and_query(string method, string? target)
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        var client = await PollingClient.JoinAsync(servers[0]);

        Assert.Equal((400, BadRequest), await SendAsync(servers[0], client.Url, Header(servers[0]).Write(Key, method, target ?? client.Url)));
    }

    [Fact]
    public async Task A_forwarded_request_is_never_forwarded_again()
    {
        await using var servers = await ForwardingServers.StartAsync(3);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");

        Assert.Equal((400, Unknown), await SendAsync(servers[1], client.Url, Header(servers[2]).Write(Key, "GET", client.Url)));
        Assert.Equal((200, """42["news"]"""), await client.PollAtAsync(servers[1]));
    }

    [Fact]
    public async Task Without_a_secret_the_header_means_nothing_and_nothing_is_forwarded()
    {
        await using var servers = await ForwardingServers.StartAsync(cluster: o => o.Secret = null);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");

        Assert.Equal((400, Unknown), await client.PollAtAsync(servers[1]));
        Assert.Equal((200, """42["news"]"""), await SendAsync(servers[0], client.Url, "v1;forged"));
    }

    [Fact]
    public async Task A_server_with_another_secret_gets_nothing()
    {
        await using var servers = await ForwardingServers.StartAsync(1);
        await servers.AddAsync(o => o.Secret = "another secret!!");
        var client = await PollingClient.JoinAsync(servers[0]);

        Assert.Equal((400, Unknown), await client.PollAtAsync(servers[1]));
        Assert.Contains(servers[1].Log.Lines, line => line.Id.Id == 54 && line.Level == LogLevel.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("zzzzaaaaaaaaaaaaaaaaaaaa")]
    public async Task The_session_of_a_server_that_does_not_exist_is_unknown(string sid)
    {
        await using var servers = await ForwardingServers.StartAsync();

        Assert.Equal(400, (await SendAsync(servers[1], $"/socket.io/?EIO=4&transport=polling&sid={sid}", null, "POST")).Status);
        Assert.Equal(0, servers.Node(1).Forwarded(ForwardKind.Post));
    }

    [Theory]
    [InlineData("alice", "alice", 200)]
    [InlineData("alice", "bob", 403)]
    [InlineData("alice", "", 403)]
    [InlineData("", "bob", 200)]
    public async Task The_session_of_one_user_is_closed_to_another_through_another_server(string first, string second, int status)
    {
        // The other server would not know the user: only the header says who it is.
        await using var servers = await ForwardingServers.StartAsync(use: app => app.Use((HttpContext context, RequestDelegate next) =>
        {
            if (context.Request.Headers["X-User"].ToString() is { Length: > 0 } name) context.User = new(new System.Security.Claims.ClaimsIdentity([new("sub", name)], "test"));
            context.Request.Headers.Remove("X-User");
            return next(context);
        }));
        servers[0].Http.DefaultRequestHeaders.Add("X-User", first);
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");

        servers[1].Http.DefaultRequestHeaders.Add("X-User", second);

        Assert.Equal(status, (await client.PollAtAsync(servers[1])).Status);
    }

    [Fact]
    public async Task The_other_server_sees_the_address_and_the_scheme_of_the_client()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var servers = await ForwardingServers.StartAsync(use: app => app.Use((HttpContext context, RequestDelegate next) =>
        {
            if (context.Request.Headers["X-First"].Count > 0)
            {
                context.Request.Headers.Remove("X-First");
                context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
                context.Request.Scheme = "https";
            }
            else
            {
                seen.Enqueue($"{context.Request.Scheme} {context.Connection.RemoteIpAddress} {context.Request.Host} {context.Request.Headers["X-Forwarded-For"]}");
            }

            return next(context);
        }));
        var client = await PollingClient.JoinAsync(servers[0]);
        await servers[0].Io.EmitAsync("news");
        seen.Clear();

        servers[1].Http.DefaultRequestHeaders.Add("X-First", "1");
        servers[1].Http.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1");
        servers[1].Http.DefaultRequestHeaders.Host = "chat.example";
        await client.PollAtAsync(servers[1]);

        Assert.Equal("https 203.0.113.7 chat.example ", Assert.Single(seen));
    }

    internal static ForwardHeader Header(TestHost host) => new("aaaa", host.Time.GetUtcNow(), IPAddress.Loopback, "http", 0, null);

    internal static async Task<(int Status, string Body)> SendAsync(TestHost host, string url, string? header, string method = "GET")
    {
        using var request = new HttpRequestMessage(new(method), new Uri(url, UriKind.Relative));
        if (header is not null) request.Headers.TryAddWithoutValidation(ForwardHeader.Name, header);
        using var response = await host.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

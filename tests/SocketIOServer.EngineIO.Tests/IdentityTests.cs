using System.Net;
using System.Net.WebSockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>A session belongs to the one who opened it, even if others come to know its id.</summary>
public sealed class IdentityTests : EngineTests
{
    private const string Forbidden = """{"code":4,"message":"Forbidden"}""";

    [Theory]
    [InlineData("alice", "alice", 200)]
    [InlineData("alice", "bob", 403)]
    [InlineData("alice", "", 403)]
    [InlineData("", "alice", 200)]
    [InlineData("", "", 200)]
    public async Task The_session_of_one_user_is_closed_to_another(string first, string second, int status)
    {
        var host = await StartWithUsersAsync();
        var sid = await OpenAsync(host, first);

        var post = await SendAsync(host, "POST", sid, second);

        Assert.Equal(status, post.Status);
        Assert.Equal(status == 403, post.Body == Forbidden);
        Assert.Equal(status == 200 ? ["hi"] : [], host.Find(sid).Received);
    }

    [Fact]
    public async Task A_stranger_gets_neither_poll_nor_upgrade_and_the_owner_goes_on()
    {
        var host = await StartWithUsersAsync();
        var sid = await OpenAsync(host, "alice");
        host.Find(sid).Send("secret");

        var poll = await SendAsync(host, "GET", sid, "bob");
        await Assert.ThrowsAsync<WebSocketException>(() => host.OpenAsync(4, $"&sid={sid}", socket => socket.SetRequestHeader("X-User", "bob")));

        Assert.Equal((403, Forbidden), poll);
        Assert.Equal((200, "4secret"), await SendAsync(host, "GET", sid, "alice"));
        await using var owner = await host.OpenAsync(4, $"&sid={sid}", socket => socket.SetRequestHeader("X-User", "alice"));
        await owner.SendAsync("2probe");
        Assert.Equal("3probe", await owner.ReadAsync());
    }

    [Theory]
    [InlineData(true, "10.0.0.1", 200)]
    [InlineData(true, "10.0.0.2", 403)]
    [InlineData(false, "10.0.0.2", 200)]
    public async Task A_session_can_be_bound_to_its_address(bool isBound, string address, int status)
    {
        var host = await StartWithUsersAsync(options => options.BindToRemoteAddress = isBound);
        await host.RequestAsync("?EIO=4&transport=polling", change: request => request.Headers.Add("X-Address", "10.0.0.1"));
        var sid = host.Single().Session.Id;

        var post = await host.RequestAsync($"?EIO=4&transport=polling&sid={sid}", "POST", request =>
        {
            request.Headers.Add("X-Address", address);
            request.Content = new StringContent("4hi");
        });

        Assert.Equal(status, post.Status);
        Assert.True(host.Single().Session.IsOpen);
    }

    [Theory]
    [InlineData("sub", "alice", "bob", 403)]
    [InlineData("sub", "alice", "", 403)]
    [InlineData("sub", "alice", "alice", 200)]
    [InlineData(ClaimTypes.Name, "alice", "bob", 403)]
    [InlineData(ClaimTypes.Name, "alice", "alice", 200)]
    [InlineData("other", "alice", "bob", 200)]
    public async Task A_session_is_bound_by_an_unmapped_sub_or_by_the_name_too(string claim, string first, string second, int status)
    {
        var host = await StartWithUsersAsync();
        var sid = await OpenAsync(host, first, claim);

        var post = await SendAsync(host, "POST", sid, second, claim);

        Assert.Equal(status, post.Status);
        Assert.Equal(claim == "sub" ? "alice" : null, host.Find(sid).Session.Request.UserId);
    }

    [Theory]
    [InlineData("a:1", "a:2", 200)]
    [InlineData("a:1", "b:1", 403)]
    [InlineData("a:1", "throw", 500)]
    public async Task The_program_may_say_who_a_user_is(string first, string second, int status)
    {
        var host = await StartWithUsersAsync(options => options.UserId = TenantOf);
        var sid = await OpenAsync(host, first);

        var post = await SendAsync(host, "POST", sid, second);

        Assert.Equal(status, post.Status);
        Assert.Equal("a", host.Find(sid).Session.Request.UserId);
        Assert.Equal(second == "throw" ? 1 : 0, host.Web.Log.Errors.Count());
        host.Web.Log.Lines.Clear();
    }

    [Fact]
    public async Task Who_cannot_be_told_opens_no_session_and_the_log_says_why()
    {
        var host = await StartWithUsersAsync(options => options.UserId = TenantOf);

        var open = await host.RequestAsync("?EIO=4&transport=polling", change: request => request.Headers.Add("X-User", "throw"));
        await Assert.ThrowsAsync<WebSocketException>(() => host.OpenAsync(4, options: socket => socket.SetRequestHeader("X-User", "throw")));

        Assert.Equal((500, """{"code":3,"message":"Internal server error"}"""), open);
        Assert.Equal(0, host.Engine.Sessions.Count);
        Assert.All(host.Web.Log.Errors, line => Assert.IsType<FormatException>(line.Exception));
        Assert.Equal(2, host.Web.Log.Errors.Count());
        host.Web.Log.Lines.Clear();
    }

    private static string? TenantOf(ClaimsPrincipal user)
    {
        var id = user.FindFirst(ClaimTypes.NameIdentifier)!.Value;
        return id == "throw" ? throw new FormatException("the program's") : id.Split(':')[0];
    }

    private static async Task<string> OpenAsync(EngineHost host, string user, string claim = ClaimTypes.NameIdentifier)
    {
        await host.RequestAsync("?EIO=4&transport=polling", change: request => Sign(request, user, claim));
        return host.Single().Session.Id;
    }

    private static Task<(int Status, string Body)> SendAsync(EngineHost host, string method, string sid, string user, string claim = ClaimTypes.NameIdentifier) =>
        host.RequestAsync($"?EIO=4&transport=polling&sid={sid}", method, request =>
        {
            Sign(request, user, claim);
            request.Content = method == "POST" ? new StringContent("4hi") : null;
        });

    private static void Sign(HttpRequestMessage request, string user, string claim)
    {
        request.Headers.Add("X-User", user);
        request.Headers.Add("X-Claim", claim);
    }

    private static Task SignIn(HttpContext context, RequestDelegate next)
    {
        var user = context.Request.Headers["X-User"].ToString();
        var claim = context.Request.Headers["X-Claim"] is { Count: 1 } named ? named.ToString() : ClaimTypes.NameIdentifier;
        if (user.Length > 0) context.User = new(new ClaimsIdentity([new(claim, user)], "test"));
        var address = context.Request.Headers["X-Address"].ToString();
        if (address.Length > 0) context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return next(context);
    }

    private async Task<EngineHost> StartWithUsersAsync(Action<EngineOptions>? options = null) =>
        Keep(await EngineHost.StartAsync(options, use: app => app.Use(SignIn)));
}

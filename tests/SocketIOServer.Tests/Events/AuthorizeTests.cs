using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>ASP.NET's policies, for a namespace and for one event.</summary>
public sealed class AuthorizeTests
{
    [Theory]
    [InlineData("/members", null, false)]
    [InlineData("/members", "ann", true)]
    [InlineData("/admin", "ann", false)]
    [InlineData("/admin", "admin", true)]
    [InlineData("/", null, true)]
    public async Task A_namespace_lets_in_whom_its_policies_allow(string name, string? user, bool isIn)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host, query: Query(user));
        var prefix = name == "/" ? "" : name + ",";

        var answer = await client.AskAsync("40" + prefix);

        Assert.StartsWith(isIn ? $"40{prefix}{{\"sid\":" : $$"""44{{prefix}}{"message":"unauthorized","data":{"code":""", answer, StringComparison.Ordinal);
        Assert.Empty(host.Log.Errors);
    }

    [Theory]
    [InlineData("ann", """[{"error":"forbidden"}]""")]
    [InlineData("admin", "[5]")]
    public async Task An_event_is_handled_for_whom_its_attribute_allows(string user, string ack)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host, query: Query(user));
        await client.AskAsync("40");

        Assert.Equal("431" + ack, await client.AskAsync("""421["kick",5]"""));

        await client.AssertAliveAsync();
    }

    [Fact]
    public async Task Without_AddAuthorization_it_fails_at_start()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(io => io.Of("/a").Authorize()));

        Assert.Contains("AddAuthorization", error.Message, StringComparison.Ordinal);
    }

    private static string Query(string? user) => user is null ? "" : "&user=" + user;

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        io =>
        {
            io.OnPing();
            io.On("kick", [Authorize("Admin")] (int id) => id);
            io.Of("/members").Authorize();
            io.Of("/admin").Authorize("Admin");
        },
        build: builder => builder.Services.AddAuthorization(options => options.AddPolicy("Admin", policy => policy.RequireUserName("admin"))),
        use: app => app.Use((context, next) =>
        {
            if (context.Request.Query["user"].ToString() is { Length: > 0 } user)
                context.User = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], "test"));
            return next();
        }));
}

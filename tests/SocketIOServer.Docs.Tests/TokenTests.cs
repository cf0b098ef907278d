using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SocketIOServer.Testing;

namespace SocketIOServer.Docs.Tests;

/// <summary>docs/tokens.md does what it says: a real token lets a client in, and its end ends the socket.</summary>
public sealed class TokenTests
{
    private const string Key = "a key of at least 32 bytes, from a secret store";

    [Fact]
    public async Task A_JSON_Web_Token_lets_its_user_in()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var program = await PageProgram.StartAsync(BlockWith("AddJwtBearer"), cancel);
        await using var host = SocketIOTestHost.Over(program.Services);

        await using var ann = await host.ConnectAsync("/members", auth: new { token = Token("ann", TimeSpan.FromMinutes(5)) });
        Assert.Equal("ann", await ann.CallAsync<string>("who am i"));
        Assert.Equal("unauthorized", await CodeOfRefusalAsync(host, null));
        Assert.Equal("invalid_token", await CodeOfRefusalAsync(host, new { token = Token("ann", TimeSpan.FromMinutes(5), key: "another key of at least 32 bytes, too") }));
        Assert.Equal("token_expired", await CodeOfRefusalAsync(host, new { token = Token("ann", -TimeSpan.FromHours(1)) }));
    }

    [Fact]
    public async Task A_token_that_the_page_issues_lets_its_user_in()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var issuer = await PageProgram.StartAsync(BlockWith("CreateToken"), cancel);
        await using var program = await PageProgram.StartAsync(BlockWith("AddJwtBearer"), cancel);
        await using var host = SocketIOTestHost.Over(program.Services);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ann")], "test"));

        await using var ann = await host.ConnectAsync("/members", auth: new { token = await PostAsync(issuer.Services, "/token", user) });

        Assert.Equal("ann", await ann.CallAsync<string>("who am i"));
    }

    [Fact]
    public async Task A_socket_ends_with_its_token()
    {
        var cancel = TestContext.Current.CancellationToken;
        var clock = "builder.Services.AddSingleton<TimeProvider>(new SocketIOServer.Testing.FakeClock());";
        await using var program = await PageProgram.StartAsync(BlockWith("token expired"), cancel, clock);
        await using var host = SocketIOTestHost.Over(program.Services);
        var end = host.Clock.GetUtcNow().AddDays(30).ToUnixTimeSeconds();
        var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "ann"), new("exp", $"{end}")], "test"));

        await using var ann = await host.ConnectAsync("/members", user: user);
        foreach (var days in new[] { 20, 10 })
        {
            await host.Clock.WaitForTimerAsync(TimeSpan.FromDays(days));
            Assert.Empty(ann.Received);
            host.Clock.Advance(TimeSpan.FromDays(days));
        }

        await ann.NextAsync("token expired");
        Assert.Equal(LeaveReason.ServerNamespaceDisconnect, await ann.DisconnectedAsync());
    }

    private static Block BlockWith(string text) => Pages.Blocks.Single(block => block.Page == "docs/tokens.md" && block.Code.Contains(text, StringComparison.Ordinal));

    // The endpoint without its authorization, as a signed-in user reaches it.
    private static async Task<string> PostAsync(IServiceProvider services, string path, ClaimsPrincipal user)
    {
        var endpoint = services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(endpoint => endpoint.RoutePattern.RawText == path);
        Assert.NotNull(endpoint.Metadata.GetMetadata<IAuthorizeData>());
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, User = user };
        context.Request.Method = HttpMethods.Post;
        context.Response.Body = body;
        await endpoint.RequestDelegate!(context);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static async Task<string?> CodeOfRefusalAsync(SocketIOTestHost host, object? auth)
    {
        var refusal = await Assert.ThrowsAsync<SocketIOTestRefusedException>(() => host.ConnectAsync("/members", auth));
        return refusal.Payload.GetProperty("code").GetString();
    }

    private static string Token(string user, TimeSpan life, string key = Key)
    {
        var end = DateTime.UtcNow + life;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://login.example",
            Audience = "chat",
            Subject = new([new("sub", user)]),
            NotBefore = end - TimeSpan.FromHours(1),
            Expires = end,
            SigningCredentials = new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(key)), SecurityAlgorithms.HmacSha256),
        });
    }
}

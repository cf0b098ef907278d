using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.Tests;

/// <summary>A token in the auth payload, read by the application's own authentication.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData("""{"token":"good-ann"}""", "ann")]
    [InlineData("""{"token":"good-zoë"}""", "zoë")]
    [InlineData("""{"token":"bad"}""", null)]
    [InlineData("""{"token":5}""", null)]
    [InlineData("""{"token":"good-\r\nx"}""", null)]
    [InlineData("""{"other":1}""", null)]
    [InlineData("", null)]
    public async Task The_user_is_who_the_token_says(string auth, string? user)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        var answer = await client.AskAsync("40/members," + auth);

        if (user is null)
        {
            Assert.Equal("""44/members,{"message":"unauthorized"}""", answer);
            return;
        }

        Assert.StartsWith("40/members,", answer, StringComparison.Ordinal);
        Assert.Equal($"""43/members,1["{user}"]""", await client.AskAsync("""42/members,1["who"]"""));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("""{"token":"bad"}""", false)]
    public async Task Without_Authorize_a_visitor_may_have_no_token_but_no_wrong_one(string auth, bool isIn)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.StartsWith(isIn ? "40/open,{" : "44/open,{", await client.AskAsync("40/open," + auth), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_namespace_has_its_own_user_on_one_connection()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        await client.AskAsync("""40/members,{"token":"good-ann"}""");
        await client.AskAsync("""40/open,{"token":"good-bob"}""");

        Assert.Equal("""43/members,1["ann"]""", await client.AskAsync("""42/members,1["who"]"""));
        Assert.Equal("""43/open,1["bob"]""", await client.AskAsync("""42/open,1["who"]"""));
    }

    [Fact]
    public async Task Without_AddAuthentication_it_fails_at_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(io => io.AuthenticateToken()));

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        io =>
        {
            io.Of("/members").AuthenticateToken().Authorize().On("who", (ClaimsPrincipal user) => user.Identity?.Name);
            io.Of("/open").AuthenticateToken().On("who", (ClaimsPrincipal user) => user.Identity?.Name);
        },
        build: builder =>
        {
            builder.Services.AddAuthorization();
            builder.Services.AddAuthentication("Token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("Token", null);
        });

    private sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var header = Request.Headers.Authorization.ToString();
            return Task.FromResult(header.StartsWith("Bearer good-", StringComparison.Ordinal) && !header.Contains('\n', StringComparison.Ordinal)
                ? AuthenticateResult.Success(new(new(new ClaimsIdentity([new Claim(ClaimTypes.Name, header["Bearer good-".Length..])], "Token")), "Token"))
                : AuthenticateResult.Fail("no"));
        }
    }
}

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
    [InlineData("""{"token":"bad"}""", null, "invalid_token")]
    [InlineData("""{"token":"unknown"}""", null, "invalid_token")]
    [InlineData("""{"token":5}""", null, "invalid_token")]
    [InlineData("""{"token":"good-\r\nx"}""", null, "invalid_token")]
    [InlineData("""{"token":"old by text"}""", null, "token_expired")]
    [InlineData("""{"token":"old by type"}""", null, "token_expired")]
    [InlineData("""{"token":"old by several"}""", null, "token_expired")]
    [InlineData("""{"other":1}""", null, "unauthorized")]
    [InlineData("""{"token":null}""", null, "unauthorized")]
    [InlineData("""{"token":""}""", null, "unauthorized")]
    [InlineData("", null, "unauthorized")]
    public async Task The_user_is_who_the_token_says_and_a_page_is_told_what_is_wrong_with_it(string auth, string? user, string code = "")
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        var answer = await client.AskAsync("40/members," + auth);

        if (user is null)
        {
            Assert.Equal($$$"""44/members,{"message":"unauthorized","data":{"code":"{{{code}}}"}}""", answer);
            Assert.Contains($"({code})", Assert.Single(host.Log.Lines, line => line.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
            return;
        }

        Assert.StartsWith("40/members,", answer, StringComparison.Ordinal);
        Assert.Equal($"""43/members,1["{user}"]""", await client.AskAsync("""42/members,1["who"]"""));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("""{"token":null}""", true)]
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

    [Theory]
    [InlineData("good-ann", "forbidden")]
    [InlineData("throw", "failed")]
    public async Task Who_is_known_and_may_not_is_told_so_and_a_fault_is_no_crash(string token, string code)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.EndsWith($$$"""{"code":"{{{code}}}"}}""", await client.AskAsync($$"""40/admins,{"token":"{{token}}"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_of_old_are_told_the_message_alone_and_so_are_all_without_ConnectErrorCodes()
    {
        await using var host = await StartAsync(options => options.ConnectErrorCodes = false);
        await using var old = await Wire.JoinOldAsync(host);
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.Equal("44/members,\"unauthorized\"", await old.AskAsync("40/members?token=bad,"));
        Assert.Equal("""44/members,{"message":"unauthorized"}""", await client.AskAsync("""40/members,{"token":"bad"}"""));
    }

    [Fact]
    public async Task A_Host_that_cannot_be_decoded_is_no_fault_and_the_scheme_sees_it_as_it_came()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.OpenAsync(host, options: options => options.SetRequestHeader("Host", "xn--a.example"));
        await client.ReadAsync();

        Assert.StartsWith("40/members,{", await client.AskAsync("""40/members,{"token":"good-ann"}"""), StringComparison.Ordinal);
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task Without_AddAuthentication_it_fails_at_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(io => io.AuthenticateToken()));

    private static Task<TestHost> StartAsync(Action<SocketServerOptions>? options = null) => TestHost.StartAsync(
        io =>
        {
            io.Of("/admins").AuthenticateToken().Authorize("Admin");
            io.Of("/members").AuthenticateToken().Authorize().On("who", (ClaimsPrincipal user) => user.Identity?.Name);
            io.Of("/open").AuthenticateToken().On("who", (ClaimsPrincipal user) => user.Identity?.Name);
        },
        options,
        build: builder =>
        {
            // Where it logs requests, ASP.NET itself decodes their Host, and fails.
            builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Warning);
            builder.Services.AddAuthorization(policies => policies.AddPolicy("Admin", policy => policy.RequireRole("admin")));
            builder.Services.AddAuthentication("Token").AddScheme<AuthenticationSchemeOptions, TokenHandler>("Token", null);
        });

    private sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            // The requests themselves have none: the scheme is the default one, so they are asked too.
            if (Request.Headers.Authorization.Count == 0) return Task.FromResult(AuthenticateResult.NoResult());
            var token = Request.Headers.Authorization.ToString()["Bearer ".Length..];
            return Task.FromResult(token switch
            {
                "unknown" => AuthenticateResult.NoResult(),
                "throw" => throw new FormatException("the program's"),
                // As ASP.NET's bearer tokens say it, as JWT says it, and as JWT says it with two handlers.
                "old by text" => AuthenticateResult.Fail("Token expired"),
                "old by type" => AuthenticateResult.Fail(new SecurityTokenExpiredException()),
                "old by several" => AuthenticateResult.Fail(new AggregateException(new FormatException("no"), new SecurityTokenExpiredException())),
                _ when token.StartsWith("good-", StringComparison.Ordinal) && !token.Contains('\n', StringComparison.Ordinal) =>
                    AuthenticateResult.Success(new(new(new ClaimsIdentity([new Claim(ClaimTypes.Name, token["good-".Length..])], "Token")), "Token")),
                _ => AuthenticateResult.Fail("no"),
            });
        }
    }

    private sealed class SecurityTokenExpiredException() : Exception("IDX10223");
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.Tests;

/// <summary>What the log says of a client that a namespace keeps out or that is closed for what it sent.</summary>
public sealed class RefusalLineTests
{
    [Theory]
    [InlineData("40/members,", "it sent no auth, so there is no token in auth.member")]
    [InlineData("""40/members,{"token":"good"}""", "its auth has no \"member\" (AuthenticateToken); it has \"token\"")]
    [InlineData("40/members,{}", "it has nothing")]
    [InlineData("""40/members,{"member":""}""", "the token in auth.member is empty")]
    [InlineData("""40/members,{"member":5}""", "AuthenticationFailureException, The token is not a string.")]
    [InlineData("""40/admin,{"token":"good"}""", "the namespace does not read tokens from auth")]
    [InlineData("""40/experts,{"token":"good"}""", "its user does not meet the policy \"Expert\" and the policy \"Admin\".")]
    [InlineData("""40/seats,{"row":"x"}""", "its auth does not match the parameters of OnConnecting. Argument \"seat\" is missing or of another type at $.row.")]
    [InlineData("""40/seats,{"number":1}""", "'row'")]
    [InlineData("40/seats,", "Argument \"seat\" is missing")]
    [InlineData("40/nope,", "Of(\"/nope\")")]
    public async Task The_line_names_what_the_client_sent_and_what_the_namespace_wants(string connect, string details)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        Assert.StartsWith("44/", await client.AskAsync(connect), StringComparison.Ordinal);

        var line = Assert.Single(Warnings(host));
        Assert.Contains(details, line, StringComparison.Ordinal);
        Assert.DoesNotContain("..", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_refusal_of_one_namespace_does_not_hide_that_of_another()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        foreach (var connect in (string[])["40/members,", "40/seats,", "40/admin,", "40/members,{}", "40/seats,"]) await client.AskAsync(connect);

        Assert.Equal(["/members", "/seats", "/admin"], Warnings(host).Select(line => line.Split("let into ")[1].Split(':')[0]));
    }

    [Fact]
    public async Task A_refusal_by_the_applications_own_rule_is_a_line_at_Debug()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.ConnectAsync(host);

        await client.AskAsync("40/full,");

        Assert.Empty(Warnings(host));
        var line = Assert.Single(host.Log.Lines, line => line.Text.Contains("ConnectionRefusedException", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, line.Level);
        Assert.Contains("the room is full", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""452-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]""", "(packet_limit)", "more than 1 binary attachments, which is MaxAttachments")]
    [InlineData("""42["x",[[[[[]]]]]]""", "(packet_limit)", "deeper than 5 levels, which is MaxJsonDepth")]
    [InlineData("""40/seats,{"a":{"a":{"a":{"a":{"a":{}}}}}}""", "(packet_limit)", "MaxJsonDepth")]
    [InlineData("""42["disconnect"]""", "(parse_error)", "a name that the protocol reserves")]
    [InlineData("""42["[[[[[[[[",""", "(parse_error)", "option Parser")]
    [InlineData("42/other,[\"x\"]", "(rule_broken)", "the namespace \"/other\", which it has not joined")]
    [InlineData("40", "(rule_broken)", "asked to join the namespace \"/\", in which it already is")]
    public async Task The_line_names_the_limit_or_the_rule(string packet, string reason, string details)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        Assert.Equal("closed 1000", await client.AskAsync(packet));

        var line = Assert.Single(Warnings(host));
        Assert.Contains(reason, line, StringComparison.Ordinal);
        Assert.Contains(details, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_line_names_MaxPacketBytes()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync("""451-["x",{"_placeholder":true,"num":0}]""");
        await client.SendAsync(new byte[2000]);

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Contains("more than 1000 bytes, which is MaxPacketBytes", Assert.Single(Warnings(host)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x92, 0xc4, 1, 1, 0xc4, 1, 1 }, "MaxAttachments")]
    [InlineData(new byte[] { 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x90 }, "MaxJsonDepth")]
    public async Task The_line_names_the_limit_of_a_MessagePack_packet_too(byte[] argument, string details)
    {
        await using var host = await StartAsync(options => options.Parser = PacketParser.MessagePack);
        await using var client = await SocketClient.ConnectAsync(host);
        byte[] head = [0x83, 0xa4, .. "type"u8, 2, 0xa3, .. "nsp"u8, 0xa1, .. "/"u8, 0xa4, .. "data"u8, 0x92, 0xa1, .. "x"u8];

        await client.SendAsync([.. head, .. argument]);

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Contains(details, Assert.Single(Warnings(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_line_says_that_a_client_was_refused_too_often()
    {
        await using var host = await StartAsync(options => options.MaxNamespaces = 2);
        await using var client = await SocketClient.ConnectAsync(host);

        await client.AskAsync("40/nope,");
        await client.AskAsync("40/nope,");

        Assert.Equal("closed 1000", await client.ReadAsync());
        Assert.Contains(Warnings(host), line => line.Contains("(rule_broken)", StringComparison.Ordinal) && line.Contains("refused the client 2 times", StringComparison.Ordinal));
    }

    // A parse error in a POST is answered with 400, and in Development with the same sentence.
    [Fact]
    public async Task A_polling_client_gets_the_same_sentence_in_Development()
    {
        await using var host = await StartAsync(build: builder => builder.Environment.EnvironmentName = "Development");
        var client = await PollingClient.ConnectAsync(host);

        using var response = await host.Http.PostAsync(client.Url, new StringContent("""42["x",[[[[[]]]]]]"""), TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("MaxJsonDepth", json.RootElement.GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    private static string[] Warnings(TestHost host) => [.. host.Log.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];

    private static Task<TestHost> StartAsync(Action<SocketServerOptions>? options = null, Action<Microsoft.AspNetCore.Builder.WebApplicationBuilder>? build = null) => TestHost.StartAsync(
        io =>
        {
            io.Of("/members").AuthenticateToken("member").Authorize();
            io.Of("/admin").Authorize("Admin");
            io.Of("/experts").AuthenticateToken().Authorize("Expert", "Admin");
            io.Of("/seats").OnConnecting(([FromAuth] Seat seat) => { });
            io.Of("/full").OnConnecting(void () => throw new ConnectionRefusedException("the room is full"));
        },
        settings =>
        {
            settings.MaxAttachments = 1;
            settings.MaxJsonDepth = 5;
            settings.MaxPacketBytes = 1000;
            options?.Invoke(settings);
        },
        build: builder =>
        {
            build?.Invoke(builder);
            builder.Services.AddAuthorizationBuilder()
                .AddPolicy("Admin", policy => policy.RequireAuthenticatedUser())
                .AddPolicy("Expert", policy => policy.RequireRole("expert"));
            builder.Services.AddAuthentication("Token").AddScheme<AuthenticationSchemeOptions, GoodHandler>("Token", null);
        });

    private sealed record Seat
    {
        public required int Row { get; init; }

        public int Number { get; init; }
    }

    /// <summary>Knows every token, and no request without one.</summary>
    private sealed class GoodHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.Authorization.Count == 0
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, "ann")], "Token")), "Token")));
    }
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SocketIOServer.Tests.Recovery;

/// <summary>A session is recovered whole or not at all, by its owner, and once.</summary>
public sealed class RecoveryRefusalTests
{
    [Fact]
    public async Task A_secret_works_once()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);
        var thief = stage.CreateClient();
        thief.Pid = client.Pid;
        await stage.ReturnAsync(client);
        await client.Client.SendAsync("41");
        await stage.CutAsync(client);

        await stage.ReturnAsync(thief);

        Assert.True(client.Recovered);
        Assert.False(thief.Recovered);
        Assert.NotEqual(client.Sid, thief.Sid);
    }

    [Fact]
    public async Task Two_that_come_at_once_with_one_secret_do_not_both_get_the_session()
    {
        await using var stage = await RecoveryStage.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            var (client, _) = await stage.JoinAsync();
            await stage.CutAsync(client);
            var twins = new[] { stage.CreateClient(), stage.CreateClient() };
            foreach (var twin in twins) twin.Pid = client.Pid;

            await Task.WhenAll(twins.Select(ConnectAsync));

            // The second finds the first connected, and takes over from it, or it begins a new session.
            Assert.Contains(twins, twin => twin.Recovered);
            Assert.True(await stage.Io.To(client.Sid).CountAsync() <= 1);
            foreach (var twin in twins) twin.Cut();
        }
    }

    [Theory]
    [InlineData("", "\"x\"")]
    [InlineData("", "\"-\"")]
    [InlineData("", "\"$\"")]
    [InlineData("", "\"0-0\"")]
    [InlineData("", "\"123456789012345678\"")]
    [InlineData("", "\"zzzzzz~~~~~~~~\"")]
    [InlineData("", "7")]
    [InlineData("", "{}")]
    [InlineData("", "[\"a\"]")]
    [InlineData("", "\"\\ud800\"")]
    [InlineData("future", "")]
    [InlineData("other", "")]
    public async Task An_offset_that_cannot_be_is_refused(string kind, string json)
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();
        await socket.EmitAsync("first");
        await client.ReadAsync();
        await stage.CutAsync(client);
        await stage.Io.EmitAsync("missed");
        var offset = kind switch
        {
            "future" => $"\"{client.Offset![..6]}zzzzzzzz\"",
            "other" => $"\"000000{client.Offset![6..]}\"",
            _ => json,
        };

        var pid = client.Pid;
        await client.ConnectAsync(packet: $$"""40{"pid":"{{pid}}","offset":{{offset}}}""");

        Assert.False(client.Recovered);
        Assert.False((await stage.NextSocketAsync()).Recovered);
        await client.Client.AssertAliveAsync();
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Theory]
    [InlineData("""{"pid":null}""")]
    [InlineData("""{"pid":7,"offset":7}""")]
    [InlineData("""{"pid":{},"offset":[]}""")]
    [InlineData("""{"pid":""}""")]
    [InlineData("""{"pid":"\ud800"}""")]
    [InlineData("""{"offset":"x"}""")]
    public async Task A_secret_that_is_none_begins_a_new_session(string auth)
    {
        await using var stage = await RecoveryStage.StartAsync();
        var client = stage.CreateClient();

        await client.ConnectAsync(packet: "40" + auth);

        Assert.False((await stage.NextSocketAsync()).Recovered);
        Assert.Equal(24, client.Pid!.Length);
        Assert.Empty(stage.Host.Log.Errors);
    }

    [Fact]
    public async Task A_client_that_was_away_for_too_long_begins_a_new_session()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);

        stage.Host.Time.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));

        Assert.False((await stage.ReturnAsync(client)).Recovered);
        Assert.False(client.Recovered);
    }

    [Fact]
    public async Task A_client_that_missed_more_than_is_kept_begins_a_new_session()
    {
        await using var stage = await RecoveryStage.StartAsync(recovery => recovery.MaxMessages = 3);
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);

        for (var i = 0; i < 4; i++) await stage.Io.EmitAsync("missed", i);

        Assert.False((await stage.ReturnAsync(client)).Recovered);
        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task Events_that_are_too_many_for_the_queue_of_a_client_are_not_replayed()
    {
        await using var stage = await RecoveryStage.StartAsync(options: options => options.MaxQueuedBytes = 1000);
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);

        for (var i = 0; i < 20; i++) await stage.Io.EmitAsync("missed", i);

        Assert.False((await stage.ReturnAsync(client)).Recovered);
        await client.Client.AssertAliveAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_leaves_by_itself_or_is_sent_away_begins_a_new_session(bool isByItself)
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, socket) = await stage.JoinAsync();
        if (isByItself) await client.Client.SendAsync("41");
        else await socket.DisconnectAsync();
        await stage.CutAsync(client);

        Assert.False((await stage.ReturnAsync(client)).Recovered);
    }

    [Fact]
    public async Task The_secret_of_another_namespace_is_none()
    {
        await using var stage = await RecoveryStage.StartAsync();
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);
        var chat = stage.CreateClient("/chat");
        chat.Pid = client.Pid;

        Assert.False((await stage.ReturnAsync(chat)).Recovered);
        Assert.True((await stage.ReturnAsync(client)).Recovered);
    }

    [Fact]
    public async Task Another_user_gets_nothing_and_the_session_is_lost()
    {
        await using var stage = await RecoveryStage.StartAsync(map: io => io.AuthenticateToken(), build: SignInByToken);
        var client = await stage.CreateClient().ConnectAsync("""{"token":"ada"}""");
        await stage.NextSocketAsync();
        await stage.CutAsync(client);
        var thief = stage.CreateClient();
        thief.Pid = client.Pid;

        Assert.False((await stage.ReturnAsync(thief, """{"token":"bob"}""")).Recovered);
        Assert.False((await stage.ReturnAsync(client, """{"token":"ada"}""")).Recovered);
    }

    [Fact]
    public async Task Another_user_cannot_end_a_connection_with_its_secret()
    {
        await using var stage = await RecoveryStage.StartAsync(map: io => io.AuthenticateToken(), build: SignInByToken);
        var client = await stage.CreateClient().ConnectAsync("""{"token":"ada"}""");
        await stage.NextSocketAsync();
        var thief = stage.CreateClient();
        thief.Pid = client.Pid;

        Assert.False((await stage.ReturnAsync(thief, """{"token":"bob"}""")).Recovered);

        await client.Client.AssertAliveAsync();
    }

    [Fact]
    public async Task OnConnecting_can_refuse_a_client_that_comes_back()
    {
        var isOpen = true;
        await using var stage = await RecoveryStage.StartAsync(
            recovery => recovery.RunOnConnecting = true,
            io => io.OnConnecting(() => isOpen ? default(ValueTask) : throw new ConnectionRefusedException("closed")));
        var (client, _) = await stage.JoinAsync();
        await stage.CutAsync(client);
        isOpen = false;

        await using var refused = await SocketClient.ConnectAsync(stage.Host);
        Assert.StartsWith("""44{"message":"closed""", await refused.AskAsync($$"""40{"pid":"{{client.Pid}}"}"""), StringComparison.Ordinal);

        isOpen = true;
        Assert.False((await stage.ReturnAsync(client)).Recovered);
    }

    // The other one can take over before this one has its connect packet.
    private static async Task ConnectAsync(RecoveringClient client)
    {
        try
        {
            await client.ConnectAsync();
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith("closed", StringComparison.Ordinal))
        {
        }
    }

    private static void SignInByToken(WebApplicationBuilder builder) =>
        builder.Services.AddAuthentication("Token").AddScheme<AuthenticationSchemeOptions, TokenIsName>("Token", null);

    private sealed class TokenIsName(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers.Authorization.Count == 0) return Task.FromResult(AuthenticateResult.NoResult());
            var name = Request.Headers.Authorization.ToString()["Bearer ".Length..];
            var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, name)], "Token"));
            return Task.FromResult(AuthenticateResult.Success(new(user, "Token")));
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SocketIOServer.EngineIO.Transports;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The last line of defence: what comes out of the application, or of the program's code in a request, ends one session and nothing else.</summary>
public sealed class FailureTests : EngineTests
{
    // Among them those that a connection which has gone throws: from above they say nothing about the connection.
    private static readonly Dictionary<string, Func<Exception>> Exceptions = new()
    {
        ["invalid"] = () => new InvalidOperationException("mine"),
        ["cancelled"] = () => new OperationCanceledException("mine"),
        ["disposed"] = () => new ObjectDisposedException("mine"),
        ["io"] = () => new IOException("mine"),
    };

    public static TheoryData<string, bool> Faults => [.. from name in Exceptions.Keys from isLate in new[] { false, true } select (name, isLate)];

    [Theory, MemberData(nameof(Faults))]
    public async Task A_WebSocket_session_ends_with_1011_and_others_go_on(string fault, bool isLate)
    {
        var host = await StartFaultyAsync(fault, isLate);
        await using var client = await host.ConnectAsync();
        await using var witness = await host.ConnectAsync();
        await EchoAsync(witness);

        await client.SendAsync("4throw");

        Assert.Equal("closed 1011", await client.ReadAsync());
        await EchoAsync(witness);
        Assert.Single(host.All, one => one.Session.CloseReason == CloseReason.InternalError);
        Assert.Equal(4, Assert.Single(host.Web.Log.Errors).Id.Id);
    }

    [Theory, MemberData(nameof(Faults))]
    public async Task A_polling_session_ends_and_its_requests_are_answered(string fault, bool isLate)
    {
        var host = await StartFaultyAsync(fault, isLate);
        var client = await host.PollAsync();
        var poll = await host.StartPollAsync(client);

        var (status, _) = await client.PostAsync("4throw");

        Assert.Equal(500, status);
        Assert.Equal("1", await poll.Task);
        Assert.Equal(CloseReason.InternalError, await host.Find(client).Closed);
        Assert.False(host.Find(client).Session.Inbox.IsBusy);
        Assert.Equal(0, host.Engine.Sessions.Count);
        Assert.Equal(4, Assert.Single(host.Web.Log.Errors).Id.Id);
    }

    [Fact]
    public async Task A_cookie_builder_that_throws_costs_its_own_client_the_handshake()
    {
        var host = await StartAsync(options => options.Cookie = new FaultyCookie { Name = "io" });
        host.ExpectedErrors = 1;

        var (status, body) = await host.RequestAsync("?EIO=4&transport=polling");

        Assert.Equal((500, """{"code":3,"message":"Internal server error"}"""), (status, body));
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Theory]
    [InlineData("polling")]
    [InlineData("websocket")]
    public async Task A_CORS_function_that_throws_refuses_the_request(string transport)
    {
        var host = Keep(await EngineHost.StartAsync(build: builder => builder.Services.AddCors(cors => cors.AddDefaultPolicy(
            policy => policy.SetIsOriginAllowed(_ => throw new OperationCanceledException("mine"))))));
        host.ExpectedErrors = 1;

        var (status, _) = await host.RequestAsync($"?EIO=4&transport={transport}", change: request =>
        {
            request.Headers.Add("Origin", "https://elsewhere.example");
            if (transport != "websocket") return;
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        });

        Assert.Equal(500, status);
        Assert.Equal(5, Assert.Single(host.Web.Log.Errors).Id.Id);
    }

    [Fact]
    public void A_timer_may_abort_a_request_that_is_over()
    {
        var context = new DefaultHttpContext();
        context.Uninitialize();

        Assert.ThrowsAny<Exception>(context.Abort);
        context.TryAbort();
    }

    private async Task<EngineHost> StartFaultyAsync(string fault, bool isLate)
    {
        var host = Keep(await EngineHost.StartAsync(onMessage: (client, message) =>
        {
            if (!message.Data.Span.SequenceEqual("throw"u8)) client.Echo(message);
            else if (isLate) return LateAsync();
            else throw Exceptions[fault]();
            return default;
        }));
        host.ExpectedErrors = 1;
        return host;

        async ValueTask LateAsync()
        {
            await Task.Yield();
            throw Exceptions[fault]();
        }
    }

    private sealed class FaultyCookie : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom) => throw new InvalidOperationException("mine");
    }
}

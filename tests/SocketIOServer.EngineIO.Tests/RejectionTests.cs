using System.Net.WebSockets;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.EngineIO.Tests;

public sealed class RejectionTests : EngineTests
{
    private const string UnknownTransport = """{"code":0,"message":"Transport unknown"}""";
    private const string UnknownSession = """{"code":1,"message":"Session ID unknown"}""";
    private const string BadMethod = """{"code":2,"message":"Bad handshake method"}""";
    private const string BadRequest = """{"code":3,"message":"Bad request"}""";
    private const string Unsupported = """{"code":5,"message":"Unsupported protocol version"}""";

    [Theory]
    [InlineData("GET", "", UnknownTransport)]
    [InlineData("GET", "?EIO=4", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=POLLING", UnknownTransport)]
    [InlineData("GET", "?EIO=4&Transport=polling", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=constructor", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=__proto__", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=webtransport", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=%", UnknownTransport)]
    [InlineData("POST", "?EIO=9&transport=tobi&sid=x", UnknownTransport)]
    [InlineData("GET", "?EIO=4&transport=polling&sid=x", UnknownSession)]
    [InlineData("GET", "?EIO=4&transport=polling&sid=__proto__", UnknownSession)]
    [InlineData("GET", "?EIO=4&transport=polling&sid=%00", UnknownSession)]
    [InlineData("POST", "?EIO=9&transport=polling&sid=x", UnknownSession)]
    [InlineData("GET", "?EIO=4&transport=websocket&sid=x", UnknownSession)]
    [InlineData("POST", "?EIO=4&transport=polling", BadMethod)]
    [InlineData("PUT", "?EIO=4&transport=polling", BadMethod)]
    [InlineData("DELETE", "?EIO=4&transport=polling", BadMethod)]
    [InlineData("OPTIONS", "?EIO=4&transport=polling", BadMethod)]
    [InlineData("POST", "?EIO=4&transport=polling&sid=", BadMethod)]
    [InlineData("POST", "?EIO=9&transport=websocket", BadMethod)]
    [InlineData("HEAD", "?EIO=4&transport=polling", "")]
    [InlineData("GET", "?EIO=4&transport=websocket", BadRequest)]
    [InlineData("GET", "?EIO=9&transport=websocket", BadRequest)]
    [InlineData("GET", "?EIO=4&transport=polling&j=0", BadRequest)]
    [InlineData("GET", "?EIO=2&transport=polling", Unsupported)]
    [InlineData("GET", "?EIO=5&transport=polling", Unsupported)]
    [InlineData("GET", "?EIO=04&transport=polling", Unsupported)]
    [InlineData("GET", "?EIO=abc&transport=polling", Unsupported)]
    [InlineData("GET", "?EIO=4&EIO=5&transport=polling", Unsupported)]
    public async Task A_bad_request_gets_400_with_the_code_of_its_first_fault(string method, string query, string body)
    {
        var host = await StartAsync();

        var answer = await host.RequestAsync(query, method);

        Assert.Equal((400, body), answer);
        Assert.Equal(0, host.Engine.Sessions.Count);
    }

    [Fact]
    public async Task A_rejection_is_JSON_and_never_kept_by_a_cache()
    {
        var host = await StartAsync();

        var answer = await host.AskAsync("/engine.io/?EIO=4&transport=nonsense");

        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    [Theory]
    [InlineData("EIO=3&transport=polling")]
    [InlineData("EIO=5&transport=polling")]
    [InlineData("transport=polling")]
    [InlineData("EIO=4&transport=websocket")]
    public async Task Another_revision_or_transport_than_the_sessions_is_refused_and_the_session_lives(string query)
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        var answer = await host.RequestAsync($"?{query}&sid={client.Sid}");

        Assert.Equal((400, BadRequest), answer);
        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));
        Assert.Equal("4hi", await client.PollAsync());
    }

    [Fact]
    public async Task A_WebSocket_session_cannot_be_polled()
    {
        var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        var sid = host.Single().Session.Id;

        Assert.Equal((400, BadRequest), await host.RequestAsync($"?EIO=4&transport=polling&sid={sid}"));
        Assert.Equal((400, BadRequest), await host.RequestAsync($"?EIO=4&transport=websocket&sid={sid}"));
        await client.SendAsync("4hi");
        Assert.Equal("4hi", await client.ReadAsync());
    }

    [Theory]
    [InlineData("?EIO=5&transport=websocket")]
    [InlineData("?EIO=4&transport=polling")]
    [InlineData("?EIO=4&transport=websocket&sid=x")]
    public async Task A_bad_WebSocket_handshake_gets_400(string query)
    {
        var host = await StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri($"ws://{host.Web.Address.Authority}/engine.io/{query}"), TestContext.Current.CancellationToken));

        Assert.Equal(400, (int)socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("?EIO=3&transport=polling", 400)]
    [InlineData("?EIO=4&transport=polling", 200)]
    public async Task Revision_3_can_be_switched_off(string query, int status)
    {
        var host = await StartAsync(options => options.AllowEngineIO3 = false);

        var answer = await host.RequestAsync(query);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 400, answer.Body == Unsupported);
    }

    [Fact]
    public async Task Beyond_the_most_sessions_a_handshake_gets_503_until_one_ends()
    {
        var host = await StartAsync(options => options.MaxSessions = 2);
        var first = await host.PollAsync();
        await host.PollAsync();

        Assert.Equal((503, """{"code":3,"message":"Service unavailable"}"""), await host.RequestAsync("?EIO=4&transport=polling"));
        Assert.Equal((200, "ok"), await first.PostAsync("1"));
        Assert.Equal("6", await first.PollAsync());

        Assert.Equal(200, (await host.RequestAsync("?EIO=4&transport=polling")).Status);
    }

    [Fact]
    public async Task Handshakes_that_wait_for_a_policy_together_do_not_exceed_the_most_sessions()
    {
        using var provider = new SlowProvider();
        var host = Keep(await EngineHost.StartAsync(options => options.MaxSessions = 1, build: app => app.Services.AddSingleton<ICorsPolicyProvider>(provider)));
        var asked = Enumerable.Range(0, 3).Select(_ => host.RequestAsync("?EIO=4&transport=polling", change: request => request.Headers.Add("Origin", "http://friend.example"))).ToArray();
        await Eventually.TrueAsync(() => provider.Calls == asked.Length, "all wait for the policy");

        // Whoever was first is in the table before the next goes on.
        for (var i = 0; i < asked.Length; i++)
        {
            provider.Release();
            await Task.WhenAny(asked.Where(ask => !ask.IsCompleted));
        }

        Assert.Equal([200, 503, 503], (await Task.WhenAll(asked)).Select(answer => answer.Status).Order());
    }

    [Fact]
    public async Task A_query_of_any_shape_gets_an_answer()
    {
        var host = await StartAsync();

        var long8K = await host.RequestAsync($"?EIO=4&transport=polling&sid={new string('a', 7000)}");
        var escapes = await host.RequestAsync("?EIO=4&transport=polling&t=%zz%&%=1&&=&x");

        Assert.Equal((400, UnknownSession), long8K);
        Assert.Equal(200, escapes.Status);
    }

    private sealed class SlowProvider : ICorsPolicyProvider, IDisposable
    {
        private readonly SemaphoreSlim _gate = new(0);
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void Release() => _gate.Release();

        public void Dispose() => _gate.Dispose();

        public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
        {
            Interlocked.Increment(ref _calls);
            await _gate.WaitAsync();
            return new CorsPolicyBuilder().AllowAnyOrigin().Build();
        }
    }
}

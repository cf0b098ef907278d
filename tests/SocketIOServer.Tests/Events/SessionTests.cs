using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Tests.Events;

/// <summary>The HTTP session of ASP.NET in handlers: the client's own, loaded before and stored after each.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/chat")]
    public async Task A_counter_in_the_session_counts_on_from_event_to_event_and_over_connections(string name)
    {
        await using var host = await StartAsync();
        var cookie = await NewCookieAsync(host);
        await using (var first = await JoinAsync(host, cookie, name))
        {
            Assert.Equal($"43{Prefix(name)}1[1]", await first.AskAsync($"42{Prefix(name)}1[\"count\"]"));
            Assert.Equal($"43{Prefix(name)}2[2]", await first.AskAsync($"42{Prefix(name)}2[\"count\"]"));
        }

        await using var second = await JoinAsync(host, cookie, name);

        Assert.Equal($"43{Prefix(name)}3[3]", await second.AskAsync($"42{Prefix(name)}3[\"count\"]"));
    }

    [Fact]
    public async Task Pages_and_handlers_share_the_session_at_every_moment()
    {
        await using var host = await StartAsync();
        using var page = await host.Http.GetAsync("/count");
        var cookie = CookieOf(page);
        await using var client = await JoinAsync(host, cookie);

        Assert.Equal("431[2]", await client.AskAsync("421[\"count\"]"));
        Assert.Equal("3", await GetAsync(host, cookie));
        Assert.Equal("432[4]", await client.AskAsync("422[\"count\"]"));
    }

    [Fact]
    public async Task A_WebSocket_without_a_cookie_is_given_one_that_pages_know_too()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.OpenAsync(host, options: options => options.CollectHttpResponseDetails = true);
        var cookie = client.Raw.HttpResponseHeaders!["Set-Cookie"].Single().Split(';')[0];
        await client.ReadAsync();
        await client.AskAsync("40");

        Assert.Equal("431[1]", await client.AskAsync("421[\"count\"]"));
        Assert.Equal("2", await GetAsync(host, cookie));
        Assert.Equal("432[3]", await client.AskAsync("422[\"count\"]"));
    }

    [Fact]
    public async Task Polling_without_a_cookie_is_given_one_in_the_first_answer()
    {
        await using var host = await StartAsync();
        using var open = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        Assert.Equal(200, (int)open.StatusCode);
        Assert.Equal("1", await GetAsync(host, CookieOf(open)));
    }

    [Fact]
    public async Task Two_clients_without_cookies_have_two_sessions()
    {
        await using var host = await StartAsync();
        await using var a = await SocketClient.JoinAsync(host);
        await using var b = await SocketClient.JoinAsync(host);

        Assert.Equal("431[1]", await a.AskAsync("421[\"count\"]"));
        Assert.Equal("431[1]", await b.AskAsync("421[\"count\"]"));
        Assert.Equal("432[2]", await a.AskAsync("422[\"count\"]"));
    }

    [Fact]
    public async Task A_client_that_has_a_session_keeps_its_cookie()
    {
        await using var host = await StartAsync();
        var cookie = await NewCookieAsync(host);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/socket.io/?EIO=4&transport=polling") { Headers = { { "Cookie", "a=b; " + cookie } } };

        using var open = await host.Http.SendAsync(request);

        Assert.False(open.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_cookie_that_says_nothing_is_replaced_and_the_others_are_kept()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host, "a=b; .AspNetCore.Session=nonsense; c=d");

        Assert.Equal("431[1]", await client.AskAsync("421[\"count\"]"));
        Assert.Equal("432[2]", await client.AskAsync("422[\"count\"]"));
        Assert.StartsWith("""433["a=b; c=d; .AspNetCore.Session=CfDJ8""", await client.AskAsync("423[\"cookie\"]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hooks_and_what_stands_beside_the_session_in_the_parameters_work_too()
    {
        await using var host = await StartAsync();
        await using var client = await JoinAsync(host, await NewCookieAsync(host), "/hooked");

        Assert.Equal("""43/hooked,1["connecting","connected",7,"x"]""", await client.AskAsync("""42/hooked,1["all",7,"x"]"""));
    }

    [Theory]
    [InlineData("42[\"fail\"]", "422[\"count\"]", "432[11]")]
    [InlineData("421[\"refuse\"]", null, "431[\"no\"]")]
    public async Task What_a_handler_wrote_before_it_threw_is_stored(string fails, string? then, string answer)
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        await client.SendAsync(fails);
        if (then is not null) await client.SendAsync(then);

        Assert.Equal(answer, await client.ReadAsync());
    }

    [Fact]
    public async Task Events_stay_in_order_behind_a_session()
    {
        await using var host = await StartAsync();
        await using var client = await SocketClient.JoinAsync(host);

        for (var i = 0; i < 20; i++) await client.SendAsync($"42{i}[\"count\"]");

        for (var i = 0; i < 20; i++) Assert.Equal($"43{i}[{i + 1}]", await client.ReadAsync());
    }

    [Fact]
    public async Task Where_no_handler_asks_for_a_session_no_cookie_is_given()
    {
        await using var host = await TestHost.StartAsync(io => io.On("e", () => 1), build: AddSession);

        using var open = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");

        Assert.False(open.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Without_AddSession_it_fails_at_start_and_says_what_to_call()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.StartAsync(io => io.On("e", (ISession session) => session.Id)));

        Assert.Equal("\"e\" takes an ISession: call builder.Services.AddDistributedMemoryCache() and AddSession().", e.Message);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(
        io =>
        {
            io.On("count", (ISession session) => Bump(session))
                .On("cookie", (Handshake handshake, ISession session) => handshake.Headers.Cookie.ToString())
                .On("fail", void (ISession session) =>
                {
                    session.SetInt32("count", 10);
                    throw new InvalidOperationException("on purpose");
                })
                .On("refuse", void (ISession session) => throw new AckException("no"));
            io.Of("/chat").On("count", async Task<int> (ISession session) =>
            {
                await Task.Yield();
                return Bump(session);
            });
            io.Of("/hooked")
                .OnConnecting((ISession session) => session.SetString("1", "connecting"))
                .OnConnected((ISession session) => session.SetString("2", "connected"))
                .On("all", (int number, ISession session, string text) => (session.GetString("1"), session.GetString("2"), number, text));
        },
        build: AddSession,
        use: app =>
        {
            app.UseSession();
            app.MapGet("/count", (HttpContext context) => Bump(context.Session));
        });

    private static void AddSession(WebApplicationBuilder builder) => builder.Services.AddDistributedMemoryCache().AddSession();

    private static int Bump(ISession session)
    {
        var count = (session.GetInt32("count") ?? 0) + 1;
        session.SetInt32("count", count);
        return count;
    }

    private static string Prefix(string name) => name.Length == 0 ? "" : name + ",";

    private static async Task<string> NewCookieAsync(TestHost host)
    {
        using var open = await host.Http.GetAsync("/socket.io/?EIO=4&transport=polling");
        return CookieOf(open);
    }

    private static string CookieOf(HttpResponseMessage answer) => answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static async Task<string> GetAsync(TestHost host, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/count") { Headers = { { "Cookie", cookie } } };
        using var answer = await host.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<SocketClient> JoinAsync(TestHost host, string cookie, string name = "")
    {
        var client = await SocketClient.OpenAsync(host, options: options => options.SetRequestHeader("Cookie", cookie));
        await client.ReadAsync();
        Assert.StartsWith("40", await client.AskAsync("40" + Prefix(name)), StringComparison.Ordinal);
        return client;
    }
}

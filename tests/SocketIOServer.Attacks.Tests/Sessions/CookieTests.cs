using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Attacks.Tests.Sessions;

/// <summary>ATTACKS A64: the cookie for load balancers, which holds the session id.</summary>
public sealed class CookieTests(CookieTests.Server server) : IClassFixture<CookieTests.Server>
{
    [Fact]
    public async Task A64_the_cookie_is_for_no_script_and_no_other_site()
    {
        var open = await server.Host.GetAsync(Requests.Polling);
        await using (new PollingAttacker(server.Host, open.Body.Split('"')[3]))
        {
            var cookie = open["Set-Cookie"]!;
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        }

        await server.AssertQuietAsync();
    }

    [Fact]
    public async Task A64_the_server_never_takes_a_session_from_it()
    {
        await using (var client = (PollingAttacker)await Attacker.OpenAsync(server.Host, isPolling: true))
        {
            var reply = await server.Host.AskAsync("POST", Requests.Polling, "1"u8.ToArray(), $"Cookie: io={client.Sid}\r\n");

            Assert.Equal((400, """{"code":2,"message":"Bad handshake method"}"""), (reply.Status, reply.Body));
            await server.StaysAsync(client);
        }

        await server.AssertQuietAsync();
    }

    /// <summary>With the cookie, which is off by default.</summary>
    public sealed class Server : AttackedServer
    {
        protected override void Configure(SocketServerOptions options) => options.Cookie = new CookieBuilder { Name = "io" };
    }
}

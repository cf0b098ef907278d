using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Tests;

public sealed partial class HandshakeTests : EngineTests
{
    [Fact]
    public async Task Open_packet_of_revision_4_has_the_keys_in_the_order_of_the_reference()
    {
        var host = await StartAsync();

        var (status, body) = await host.RequestAsync("?EIO=4&transport=polling");

        Assert.Equal(200, status);
        Assert.Equal($$"""0{"sid":"{{Sid(body)}}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}""", body);
    }

    [Fact]
    public async Task Open_packet_of_revision_3_has_its_length_in_front()
    {
        var host = await StartAsync();

        var (_, body) = await host.RequestAsync("?EIO=3&transport=polling");

        Assert.Equal($$"""118:0{"sid":"{{Sid(body)}}","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}""", body);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Open_packet_of_a_WebSocket_is_one_frame_and_offers_no_upgrade(int eio)
    {
        var host = await StartAsync();
        await using var client = await host.OpenAsync(eio);

        var open = await client.ReadAsync();

        Assert.Equal($$"""0{"sid":"{{Sid(open)}}","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}""", open);
    }

    [Fact]
    public async Task Open_packet_tells_the_settings()
    {
        var host = await StartAsync(options =>
        {
            options.AllowUpgrades = false;
            options.PingInterval = TimeSpan.FromMilliseconds(1500);
            options.PingTimeout = TimeSpan.FromMilliseconds(700);
            options.MaxPayload = 5000;
        });

        var (_, body) = await host.RequestAsync("?EIO=4&transport=polling");

        Assert.EndsWith(""","upgrades":[],"pingInterval":1500,"pingTimeout":700,"maxPayload":5000}""", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_upgrade_to_a_transport_that_is_off_is_offered()
    {
        var host = await StartAsync(options => options.Transports.Remove(TransportKind.WebSocket));

        var (_, body) = await host.RequestAsync("?EIO=4&transport=polling");

        Assert.Contains(""","upgrades":[],""", body, StringComparison.Ordinal);
        Assert.Equal((400, """{"code":0,"message":"Transport unknown"}"""), await host.RequestAsync("?EIO=4&transport=websocket"));
    }

    [Fact]
    public async Task Session_ids_are_20_characters_and_never_the_same()
    {
        var host = await StartAsync();

        var bodies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => host.RequestAsync("?EIO=4&transport=polling")));

        Assert.Equal(200, bodies.Select(answer => Sid(answer.Body)).Distinct().Count());
        Assert.All(bodies, answer => Assert.Matches("^[A-Za-z0-9_-]{20}$", Sid(answer.Body)));
        Assert.Equal(200, host.Engine.Sessions.Count);
    }

    [Theory]
    [InlineData("/engine.io?EIO=4&transport=polling", 200)]
    [InlineData("/engine.io/?EIO=4&transport=polling", 200)]
    [InlineData("/engine.io/more?EIO=4&transport=polling", 404)]
    [InlineData("/engine.io/more/?EIO=4&transport=polling", 404)]
    [InlineData("/engine.iox/?EIO=4&transport=polling", 404)]
    [InlineData("/engine.io/%2e%2e/x?EIO=4&transport=polling", 404)]
    public async Task The_path_may_do_without_the_last_slash_and_has_nothing_below(string url, int status)
    {
        var host = await StartAsync();

        var answer = await host.AskAsync(url);

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task A_path_base_changes_nothing()
    {
        var host = Keep(await EngineHost.StartAsync(use: app => app.UsePathBase("/app").UseRouting()));

        var client = await PollingClient.ConnectAsync(host.Web, path: "/app/engine.io/");

        Assert.Equal((200, "ok"), await client.PostAsync("4hi"));
        Assert.Equal("4hi", await client.PollAsync());
    }

    [Fact]
    public async Task The_answer_is_never_kept_by_a_cache_and_sets_no_cookie()
    {
        var host = await StartAsync();

        var answer = await host.AskAsync("/engine.io/?EIO=4&transport=polling");

        Assert.Equal("text/plain; charset=UTF-8", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Null(answer["Set-Cookie"]);
    }

    [Fact]
    public async Task The_cookie_is_set_by_the_polling_handshake_only()
    {
        var host = await StartAsync(options => options.Cookie = new CookieBuilder { Name = "io", Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax });

        var first = await host.AskAsync("/engine.io/?EIO=4&transport=polling");
        var sid = Sid(first.Body);
        host.Find(sid).Send("x");
        var second = await host.AskAsync($"/engine.io/?EIO=4&transport=polling&sid={sid}");

        Assert.Equal($"io={sid}; path=/; samesite=lax; httponly", first["Set-Cookie"]);
        Assert.Null(second["Set-Cookie"]);
    }

    [Fact]
    public async Task Of_a_parameter_that_comes_twice_the_last_counts()
    {
        var host = await StartAsync();
        var client = await host.PollAsync(4, "&EIO=3&transport=nonsense&transport=polling");

        Assert.StartsWith("118:0{", client.Open, StringComparison.Ordinal);
        Assert.Equal((200, "ok"), await client.PostAsync("3:4hi"));
        Assert.Equal((400, """{"code":1,"message":"Session ID unknown"}"""), await host.RequestAsync($"?EIO=3&transport=polling&sid={client.Sid}&sid=x"));
    }

    private static string Sid(string open) => SidPattern().Match(open).Groups[1].Value;

    [GeneratedRegex("\"sid\":\"([^\"]{20})\"")]
    private static partial Regex SidPattern();
}

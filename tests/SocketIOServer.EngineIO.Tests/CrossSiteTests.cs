using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>Requests without Origin, which browsers make for images and scripts of any page and programs make for themselves.</summary>
public sealed class CrossSiteTests : EngineTests
{
    [Theory]
    [InlineData("", 200)]
    [InlineData("Sec-Fetch-Site: same-origin\r\n", 200)]
    [InlineData("Sec-Fetch-Site: none\r\n", 200)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n", 403)]
    [InlineData("Sec-Fetch-Site: same-site\r\n", 403)]
    [InlineData("Sec-Fetch-Site: whatever\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nReferer: http://evil.example/page\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nReferer: about:blank\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nReferer: http://friend.example/page?x#y\r\n", 200)]
    [InlineData("Sec-Fetch-Site: same-site\r\nReferer: http://friend.example\r\n", 200)]
    [InlineData("Sec-Fetch-Site: same-origin\r\nReferer: http://evil.example/\r\n", 200)]   // a proxy has rewritten Host
    [InlineData("Referer: http://evil.example/page\r\n", 403)]                              // browsers that do not send Sec-Fetch-Site
    [InlineData("Referer: http://{HOST}/page\r\n", 200)]
    [InlineData("Referer: http://friend.example/\r\n", 200)]
    [InlineData("Referer: http://user@friend.example/\r\n", 403)]
    [InlineData("Referer: nonsense\r\n", 200)]
    public async Task A_page_that_is_not_ours_opens_no_session_by_an_image(string headers, int status)
    {
        var host = await StartWithFriendAsync();

        foreach (var eio in (int[])[3, 4])
        {
            var answer = await Http11.AskAsync(host, $"?EIO={eio}&transport=polling", headers + "Cookie: signed=in\r\n");
            Assert.Equal(status, answer.Status);
        }

        Assert.Equal(status == 200 ? 2 : 0, host.Engine.Sessions.Count);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site\r\n", 403)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nReferer: http://friend.example/\r\n", 200)]
    [InlineData("Sec-Fetch-Site: cross-site\r\nReferer: http://evil.example/\r\n", 403)]
    public async Task A_script_of_an_allowed_page_still_works(string headers, int status)
    {
        var host = await StartWithFriendAsync(options => options.AllowJsonp = true);

        Assert.Equal(status, (await Http11.AskAsync(host, "?EIO=4&transport=polling&j=0", headers)).Status);
    }

    // A proxy that rewrites Host: the page polls its own origin, which the browser says, and its Origin is not ours.
    [Fact]
    public async Task What_the_browser_calls_its_own_origin_passes_on_polling_and_in_the_upgrade()
    {
        var host = await StartAsync();
        const string Page = "Referer: http://page.example/chat\r\nSec-Fetch-Site: same-origin\r\n";

        var open = await Http11.AskAsync(host, "?EIO=4&transport=polling", Page);
        var sid = host.Single().Session.Id;
        var post = await Http11.AskAsync(host, $"?EIO=4&transport=polling&sid={sid}", Page + "Origin: http://page.example\r\n", "POST");
        // Chromium sends no Sec-Fetch-Site with WebSockets.
        var stranger = await Http11.AskAsync(host, $"?EIO=4&transport=websocket&sid={sid}", "Origin: http://evil.example\r\n" + Http11.Upgrade);
        var upgrade = await Http11.AskAsync(host, $"?EIO=4&transport=websocket&sid={sid}", "Origin: http://page.example\r\n" + Http11.Upgrade);

        Assert.Equal((200, 200, 403, 101), (open.Status, post.Status, stranger.Status, upgrade.Status));
    }

    private async Task<EngineHost> StartWithFriendAsync(Action<EngineOptions>? options = null) => Keep(await EngineHost.StartAsync(
        options, build: app => app.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("http://friend.example")))));
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The cookie with the session id: kept from scripts and from other sites unless the program says otherwise (ATTACKS A64, A43).</summary>
public sealed class CookieTests : EngineTests
{
    public static TheoryData<CookieBuilder, string, string> Cookies => new()
    {
        { new() { Name = "io" }, "http", "; path=/; samesite=lax; httponly" },
        { new() { Name = "io" }, "https", "; path=/; secure; samesite=lax; httponly" },
        { new() { Name = "io", HttpOnly = false, SameSite = SameSiteMode.Unspecified }, "http", "; path=/; samesite=lax; httponly" },
        { new() { Name = "io", Path = "/socket.io", Domain = "example.com", SameSite = SameSiteMode.Strict }, "http", "; domain=example.com; path=/socket.io; samesite=strict; httponly" },
        { new() { Name = "io", SameSite = SameSiteMode.None, SecurePolicy = CookieSecurePolicy.Always }, "http", "; path=/; secure; samesite=none; httponly" },
        { new() { Name = "io", SecurePolicy = CookieSecurePolicy.None }, "https", "; path=/; samesite=lax; httponly" },
        { new ForScripts { Name = "io" }, "http", "; path=/" },
    };

    [Theory]
    [MemberData(nameof(Cookies), DisableDiscoveryEnumeration = true)]
    public async Task A64_Neither_scripts_nor_other_sites_have_the_cookie_unless_the_program_says_so(CookieBuilder cookie, string scheme, string attributes)
    {
        var host = Keep(await EngineHost.StartAsync(options => options.Cookie = cookie, use: app => app.Use((context, next) =>
        {
            context.Request.Scheme = scheme;
            return next(context);
        })));

        var answer = await host.AskAsync("/engine.io/?EIO=4&transport=polling");

        Assert.Equal($"io={host.Single().Session.Id}{attributes}", answer["Set-Cookie"]);
    }

    public static TheoryData<CookieBuilder> BadCookies => new()
    {
        new CookieBuilder(),
        new CookieBuilder { Name = "a b" },
        new CookieBuilder { Name = "a;b" },
        new CookieBuilder { Name = "a=b" },
        new CookieBuilder { Name = "a\r\nX: y" },
        new CookieBuilder { Name = "ö" },
        new CookieBuilder { Name = "io", Path = "/; domain=evil.example" },
        new CookieBuilder { Name = "io", Domain = "a.example\r\nX: y" },
    };

    [Theory]
    [MemberData(nameof(BadCookies), DisableDiscoveryEnumeration = true)]
    public void A43_A_cookie_that_would_break_the_header_is_refused_at_start(CookieBuilder cookie) =>
        Assert.Throws<ArgumentException>(new EngineOptions { Cookie = cookie }.Validate);

    private sealed class ForScripts : CookieBuilder;
}

using Microsoft.AspNetCore.Builder;

namespace SocketIOServer.EngineIO.Tests;

/// <summary>The server's own page, whatever way its address is written.</summary>
public sealed class SameOriginTests : EngineTests
{
    [Theory]
    [InlineData("https", "example.com:443", "https://example.com", true)]           // nginx: proxy_set_header Host $host:$server_port
    [InlineData("https", "example.com", "https://example.com:443", true)]
    [InlineData("http", "example.com", "http://example.com:80", true)]
    [InlineData("http", "example.com:80", "http://example.com", true)]
    [InlineData("http", "EXAMPLE.com", "http://example.COM", true)]
    [InlineData("http", "example.com.", "http://example.com", true)]
    [InlineData("http", "example.com:8080", "http://example.com.:8080", true)]
    [InlineData("http", "xn--bcher-kva.example", "http://xn--bcher-kva.example", true)]
    [InlineData("http", "xn--bcher-kva.example:81", "http://XN--BCHER-KVA.example:81", true)]
    [InlineData("http", "[::1]:81", "http://[::1]:81", true)]
    [InlineData("http", "[0:0:0:0:0:0:0:1]", "http://[::1]:80", true)]
    [InlineData("http", "[2001:DB8::1]", "http://[2001:db8:0::1]", true)]
    [InlineData("http", "example.com:81", "example.com:81", true)]                  // client 1.3 in Node
    [InlineData("wss", "example.com", "https://example.com", true)]                 // Traefik's X-Forwarded-Proto of a WebSocket
    [InlineData("WSS", "example.com:443", "https://example.com", true)]
    [InlineData("ws", "example.com", "http://example.com:80", true)]
    [InlineData("https", "example.com", "wss://example.com", true)]                 // the Swift client
    [InlineData("http", "example.com:3000", "ws://example.com:3000", true)]
    [InlineData("http", "example.com", "wss://example.com", false)]
    [InlineData("https", "example.com", "ws://example.com", false)]
    [InlineData("http", "example.com", "ws://evil.example", false)]
    [InlineData("ws", "example.com", "https://example.com", false)]
    [InlineData("wss", "example.com", "http://example.com", false)]
    [InlineData("wss", "example.com", "https://example.com:80", false)]
    [InlineData("http", "example.com", "https://example.com", false)]
    [InlineData("http", "example.com:443", "https://example.com", false)]
    [InlineData("https", "example.com", "https://example.com:80", false)]
    [InlineData("http", "example.com", "http://example.com:8080", false)]
    [InlineData("http", "example.com", "http://www.example.com", false)]
    [InlineData("http", "example.com", "http://example.com.evil.example", false)]
    [InlineData("http", "example.com", "http://evil.example/http://example.com", false)]
    [InlineData("http", "example.com", "http://example.com@evil.example", false)]
    [InlineData("http", "example.com", "http://user@example.com", false)]
    [InlineData("http", "example.com", "http://example.com/", true)]                // Elephant.IO, which sends the URL that it was given
    [InlineData("https", "example.com", "https://example.com/chat?x=http://evil.example", true)]
    [InlineData("http", "example.com", "http://evil.example/@example.com", false)]
    [InlineData("http", "example.com", "http://example.com?x", false)]
    [InlineData("http", "example.com", "ftp://example.com", false)]
    [InlineData("http", "xn--bcher-kva.example", "http://bucher.example", false)]
    [InlineData("http", "[::1]", "http://[::2]", false)]
    [InlineData("http", "[::1]", "http://127.0.0.1", false)]
    public async Task The_same_scheme_host_and_port_are_the_same_origin(string scheme, string host, string origin, bool isSame)
    {
        var server = await StartAsync();

        var statuses = await Http11.AskAllAsync(server, $"X-Scheme: {scheme}\r\nHost: {host}\r\nOrigin: {origin}\r\n");

        Assert.Equal(isSame ? (200, 200, 101) : (403, 403, 403), statuses);
    }

    // Neither side is text that a browser sends; each must get an answer.
    [Theory]
    [InlineData("example.com", "http://")]
    [InlineData("example.com", "http://:80")]
    [InlineData("example.com", "://example.com")]
    [InlineData("example.com", "http://example.com:99999999999999999999")]
    [InlineData("example.com", "http://example.com:-1")]
    [InlineData("example.com", "http://example.com:٣")]
    [InlineData("example.com", "http://[")]
    [InlineData("example.com", "http://[]")]
    [InlineData("example.com", "http://[::1")]
    [InlineData("example.com", "http://[::1]x")]
    [InlineData("example.com", "http://xn--\u00e4.example")]
    [InlineData("example.com", "http://\u00e4\ufffd..example")]
    [InlineData("example.com", "http://xn--a.example")]
    [InlineData("example.com", "a:b:c:d")]
    public async Task Garbage_is_another_origin_and_no_fault(string host, string origin)
    {
        var server = await StartAsync();

        Assert.Equal((403, 403, 403), await Http11.AskAllAsync(server, $"Host: {host}\r\nOrigin: {origin}\r\n"));
    }

    [Theory]
    [InlineData("http://bücher.example", "http", "xn--bcher-kva.example")]
    [InlineData("http://xn--bcher-kva.example", "http", "BÜCHER.example")]
    [InlineData("https://例え.テスト:8443", "https", "xn--r8jz45g.xn--zckzah:8443")]
    public void Unicode_and_Punycode_name_the_same_host(string origin, string scheme, string host) => Assert.True(WebOrigin.IsSame(origin, scheme, host));

    // ASP.NET cannot log a request with such a Host, and never asks us; other servers might.
    [Theory]
    [InlineData("http://xn--a.example", "xn--b.example")]
    [InlineData("http://b\u00fc.example", "xn--9999999999.example")]
    [InlineData("http://\ud800.example", "example.com")]
    [InlineData("", "")]
    public void What_is_no_name_is_nobodys(string origin, string host) => Assert.False(WebOrigin.IsSame(origin, "http", host));

    [Theory]
    [InlineData("http://localhost:5173", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("https://app.localhost", true)]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("127.8.9.1", true)]
    [InlineData("http://[::1]:80", true)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("http://127.0.0.1.evil.example", false)]
    [InlineData("http://192.168.0.1", false)]
    [InlineData("http://1", false)]
    [InlineData("http://2130706433", false)]
    [InlineData("null", false)]
    [InlineData("file://", false)]
    [InlineData("", false)]
    public void A_machine_is_told_from_others(string origin, bool isLoopback) => Assert.Equal(isLoopback, WebOrigin.IsLoopback(origin));

    private async Task<EngineHost> StartAsync() => Keep(await EngineHost.StartAsync(use: app => app.Use((context, next) =>
    {
        if (context.Request.Headers["X-Scheme"] is { Count: 1 } scheme) context.Request.Scheme = scheme!;
        return next(context);
    })));
}

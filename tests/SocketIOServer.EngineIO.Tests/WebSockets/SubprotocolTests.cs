using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>Sec-WebSocket-Protocol: RFC 6455, sections 4.1 and 4.2.2. A browser whose page named one ends the connection without an answer to it.</summary>
public sealed class SubprotocolTests : EngineTests
{
    [Theory]
    [InlineData("arduino", "arduino")]
    [InlineData("x, y", "x")]
    [InlineData(" , ,\tx,y", "x")]
    [InlineData("x, x", "x")]
    [InlineData("a.b-c_d!#$%&'*+^`|~9", "a.b-c_d!#$%&'*+^`|~9")]
    // What is no token is not written back.
    [InlineData("", null)]
    [InlineData(",", null)]
    [InlineData("a b", null)]
    [InlineData("a/b", null)]
    [InlineData("\"x\"", null)]
    [InlineData("x;y, z", null)]
    [InlineData("<script>", null)]
    public async Task The_first_that_is_offered_is_chosen(string offered, string? chosen)
    {
        var host = await StartAsync();

        var head = await UpgradeAsync(host, EngineWebSocket.Target, $"Sec-WebSocket-Protocol: {offered}\r\n");

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Equal(chosen, ProtocolOf(head));
    }

    [Fact]
    public async Task Several_headers_are_one_list()
    {
        var host = await StartAsync();

        var head = await UpgradeAsync(host, EngineWebSocket.Target, "Sec-WebSocket-Protocol: \r\nSec-WebSocket-Protocol: one\r\nSec-WebSocket-Protocol: two\r\n");

        Assert.Equal("one", ProtocolOf(head));
    }

    // ATTACKS A50.
    [Fact]
    public async Task Of_two_thousand_the_first_is_chosen()
    {
        var host = await StartAsync();

        var head = await UpgradeAsync(host, EngineWebSocket.Target, $"Sec-WebSocket-Protocol: {string.Join(',', Enumerable.Range(0, 2000).Select(i => $"p{i}"))}\r\n");

        Assert.Equal("p0", ProtocolOf(head));
    }

    [Fact]
    public async Task What_is_not_ASCII_never_comes_back()
    {
        var host = await StartAsync();

        var head = await UpgradeAsync(host, EngineWebSocket.Target, "Sec-WebSocket-Protocol: ärger\r\n");

        Assert.Null(ProtocolOf(head));
        Assert.Empty(host.Web.Log.Errors);
    }

    [Fact]
    public async Task The_upgrade_of_a_session_that_polls_is_answered_alike()
    {
        var host = await StartAsync();
        var client = await host.PollAsync();

        var head = await UpgradeAsync(host, $"{EngineHost.Path}?EIO=4&transport=websocket&sid={client.Sid}", "Sec-WebSocket-Protocol: arduino\r\n");

        Assert.Equal("arduino", ProtocolOf(head));
    }

    [Fact]
    public async Task HTTP2_too()
    {
        var host = Keep(await EngineHost.StartAsync(build: app => app.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2))));

        // This client throws where the server's choice is none of its own.
        await using var client = await host.OpenAsync(options: socket =>
        {
            socket.HttpVersion = HttpVersion.Version20;
            socket.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            socket.AddSubProtocol("x");
            socket.AddSubProtocol("y");
        });

        Assert.Equal("x", client.Raw.SubProtocol);
        await client.CloseAsync();
    }

    private static async Task<string> UpgradeAsync(EngineHost host, string target, string headers)
    {
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        await raw.SendAsync(RawWebSocket.Request(target, headers));
        return await raw.ReadHeadAsync();
    }

    private static string? ProtocolOf(string head) =>
        head.Split("\r\n").SingleOrDefault(line => line.StartsWith("Sec-WebSocket-Protocol:", StringComparison.OrdinalIgnoreCase))?["Sec-WebSocket-Protocol:".Length..].Trim();
}

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>What a client's opening handshake must have. RFC 6455, section 4.2.1.</summary>
public sealed class WebSocketHandshakeTests : EngineTests
{
    private const string Good =
        $"GET {EngineWebSocket.Target} HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n";

    [Theory]
    [InlineData("Upgrade: websocket", "Upgrade: WebSocket")]
    [InlineData("Upgrade: websocket", "Upgrade: h2c, websocket")]
    [InlineData("Connection: keep-alive, Upgrade", "Connection: upgrade")]
    [InlineData("Connection: keep-alive, Upgrade", "Connection: keep-alive\r\nConnection: Upgrade")]
    public async Task One_that_has_all_gets_101(string text, string other) =>
        Assert.StartsWith("HTTP/1.1 101 ", await AskAsync(text, other), StringComparison.Ordinal);

    [Theory]
    [InlineData("HTTP/1.1", "HTTP/1.0")]
    [InlineData("GET ", "POST ")]
    [InlineData("GET ", "HEAD ")]
    [InlineData("GET ", "PUT ")]
    [InlineData("Host: x\r\n", "")]
    [InlineData("Upgrade: websocket\r\n", "")]
    [InlineData("Upgrade: websocket", "Upgrade: websockets")]
    [InlineData("Connection: keep-alive, Upgrade\r\n", "")]
    [InlineData("keep-alive, Upgrade", "keep-alive")]
    [InlineData("Version: 13", "Version: 8")]
    [InlineData("Version: 13", "Version: 14")]
    [InlineData("Version: 13", "Version: 13, 8")]
    [InlineData("Sec-WebSocket-Version: 13\r\n", "")]
    [InlineData("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n", "")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEA==", "AQIDBAUGBwgJCgsMDQ4PEBE=")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEA==", "AQIDBAUGBwgJCgsMDQ4P")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEA==", "AQIDBAUGBwgJCgsMDQ4P!A==")]
    [InlineData("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==")]
    public async Task One_that_lacks_something_gets_none(string text, string other) =>
        Assert.Matches("^HTTP/1.1 4[0-9][0-9] ", await AskAsync(text, other));

    private async Task<string> AskAsync(string text, string other)
    {
        Assert.Contains(text, Good, StringComparison.Ordinal);
        var host = await StartAsync();
        await using var raw = await RawConnection.OpenAsync(host.Web.Address);
        await raw.SendAsync(Good.Replace(text, other, StringComparison.Ordinal));
        return await raw.ReadHeadAsync();
    }
}

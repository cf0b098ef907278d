using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;

namespace SocketIOServer.EngineIO.Tests.WebSockets;

/// <summary>Below TLS lies another pipe: what is read and written is the one above it.</summary>
public sealed class TlsTests : EngineTests
{
    [Fact]
    public async Task A_WebSocket_goes_through_TLS()
    {
        using var certificate = SelfSigned.Create();
        var host = Keep(await EngineHost.StartAsync(build: app => app.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.UseHttps(certificate)))));
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => certificate.Equals(shown) } };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(TestHost.Patience);
        await socket.ConnectAsync(new($"wss://{host.Web.Address.Authority}{EngineWebSocket.Target}"), invoker, patience.Token);

        await socket.SendAsync("4hällo"u8.ToArray(), WebSocketMessageType.Text, true, patience.Token);

        var buffer = new byte[1000];
        var open = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        Assert.StartsWith("0{", Encoding.UTF8.GetString(buffer, 0, open.Count), StringComparison.Ordinal);
        var echo = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
        Assert.Equal("4hällo", Encoding.UTF8.GetString(buffer, 0, echo.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
    }
}

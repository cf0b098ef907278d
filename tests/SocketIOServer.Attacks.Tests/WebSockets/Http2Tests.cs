using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace SocketIOServer.Attacks.Tests.WebSockets;

/// <summary>ATTACKS A58: many WebSockets over one connection of HTTP/2, reset as soon as they are there.</summary>
public sealed class Http2Tests
{
    [Fact]
    public async Task A58_streams_that_are_reset_at_once_leave_no_session()
    {
        await using var host = await TestHost.StartAsync(build: app => app.WebHost.ConfigureKestrel(
            kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var url = new Uri($"ws://{host.Address.Authority}{Requests.WebSocket}");

        for (var round = 0; round < 5; round++) await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ResetAsync(url, invoker)));

        var server = host.Services.GetRequiredService<SocketServer>();
        await Eventually.TrueAsync(() => server.Engines.Sum(engine => engine.Sessions.Count) == 0 && host.Time.ArmedTimers == 0, "nothing is left");
        Assert.Empty(host.Log.Errors);
        Faults.AssertNone();
    }

    private static async Task ResetAsync(Uri url, HttpMessageInvoker invoker)
    {
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(url, invoker, CancellationToken.None).Soon();
        socket.Abort();
    }
}

using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>WebSocket: from the first request on, or as the upgrade of a polling session.</summary>
internal sealed class WebSocketTransport(EngineServer server) : ITransport
{
    private const int OpenDelay = 1;

    private readonly EngineOptions _options = server.Options;

    public string Name => "websocket";

    public IReadOnlyList<string> Upgrades => [];

    public async Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        using var socket = await AcceptAsync(context, session, isFirst);
        if (socket is null) return;
        var lifetime = WebSocketLifetime.Take(context, socket);
        if (!isFirst && !await UpgradeAsync(socket, lifetime, session)) return;

        // Kestrel would put the open packet into one segment with its 101, and programs that begin to listen once the socket
        // is open would miss it; other servers' writes are apart by chance.
        if (isFirst) await Task.Delay(OpenDelay);
        await new WebSocketConnection(socket, lifetime, session, query.Base64, server).RunAsync();
    }

    private async ValueTask<WebSocket?> AcceptAsync(HttpContext context, EngineSession session, bool isFirst)
    {
        try
        {
            return await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                // The heartbeat is Engine.IO's; two of them would tell apart what is one thing.
                KeepAliveInterval = TimeSpan.Zero,
                DangerousEnableCompression = _options.WebSocketCompression,
            });
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client went away, or what it sent was no handshake: its own session ends, nobody else notices.
            if (isFirst) session.Close(CloseReason.TransportError);
            return null;
        }
    }

    private async ValueTask<bool> UpgradeAsync(WebSocket socket, WebSocketLifetime lifetime, EngineSession session)
    {
        using var probe = new Probe(socket, lifetime, session, server);
        return await probe.UpgradeAsync(this);
    }
}

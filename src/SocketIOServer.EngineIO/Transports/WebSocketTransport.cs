using Microsoft.AspNetCore.Http;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>The WebSocket transport, for new sessions and for the upgrade of polling sessions.</summary>
internal sealed class WebSocketTransport(EngineServer server) : ITransport
{
    private const int OpenDelay = 1;

    public string Name => "websocket";

    public IReadOnlyList<string> Upgrades => [];

    public async Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        try
        {
            var link = await AcceptAsync(context, session, isFirst);
            if (link is null) return;
            if (!isFirst && !await UpgradeAsync(link, session)) return;

            // Kestrel writes the open packet and its 101 response in one segment. With other servers they are usually separate.
            if (isFirst && session.Protocol.ListensLate) await Task.Delay(OpenDelay);
            await new WebSocketConnection(link, session, query.Base64, server).RunAsync();
        }
        catch (Exception e)
        {
            // The last catch. Without it, a session whose connection failed here would stay open until its ping timeout.
            session.Fail(e);
            await server.FailAsync(context);
        }
    }

    private async ValueTask<WebSocketLink?> AcceptAsync(HttpContext context, EngineSession session, bool isFirst)
    {
        try
        {
            return await WebSocketHandshake.AcceptAsync(context, server.Options);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client disconnected. Only its own session ends.
            if (isFirst) session.Close(CloseReason.TransportError);
            if (context.Response.HasStarted) return null;
            // Or Kestrel's MaxConcurrentUpgradedConnections is reached, and no 101 response was written.
            if (e is InvalidOperationException && !context.RequestAborted.IsCancellationRequested) session.OnRefused("unavailable", RefusalDetails.NoWebSockets);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return null;
        }
    }

    private async ValueTask<bool> UpgradeAsync(WebSocketLink link, EngineSession session)
    {
        using var probe = new Probe(link, session, server);
        return await probe.UpgradeAsync(this);
    }
}

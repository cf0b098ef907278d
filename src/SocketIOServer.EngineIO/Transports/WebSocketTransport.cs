using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>WebSocket: from the first request on, or as the upgrade of a polling session.</summary>
internal sealed class WebSocketTransport(EngineServer server) : ITransport
{
    private const int ProbeBytes = 64;
    private const int OpenDelay = 1;

    private readonly EngineOptions _options = server.Options;

    public string Name => "websocket";

    public IReadOnlyList<string> Upgrades => [];

    public async Task ServeAsync(HttpContext context, EngineSession session, EngineQuery query, bool isFirst)
    {
        using var socket = await AcceptAsync(context, session, isFirst);
        if (socket is null) return;
        if (!isFirst && !await UpgradeAsync(socket, session))
        {
            await CloseAsync(socket);
            return;
        }

        // Kestrel would put the open packet into one segment with its 101, and programs that begin to listen once the socket
        // is open would miss it; other servers' writes are apart by chance.
        if (isFirst) await Task.Delay(OpenDelay);
        await new WebSocketConnection(socket, session, query.Base64, server).RunAsync();
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

    // engine.io-protocol v4, "Upgrade": 2probe, 3probe, then 5; polling goes on until the 5.
    private async ValueTask<bool> UpgradeAsync(WebSocket socket, EngineSession session)
    {
        if (!session.TryBeginProbe()) return false;
        using var timeout = new CancellationTokenSource(_options.UpgradeTimeout, server.Time);
        // Not cancelled when the session closes: that would reset the connection, and lose what a closing session has to say.
        await using var closed = session.Closed.UnsafeRegister(_ => OnSessionClosed(socket, session, timeout), null);
        var cancel = timeout;
        try
        {
            if (await ReadAsync(socket, cancel.Token) is not "2probe") return false;
            await socket.SendAsync(OutgoingMessage.ProbePong.Head.Bytes, WebSocketMessageType.Text, true, cancel.Token);
            session.AnswerProbe();
            if (await ReadAsync(socket, cancel.Token) is not "5" || !session.TryUpgrade(this)) return false;
            // The last poll ends with a noop, the last POST was read before: both leases come free at once.
            await session.Outbox.Lease.WaitAsync(cancel.Token);
            await session.Receiving.WaitAsync(cancel.Token);
            return true;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            if (session.Upgrade == UpgradeState.Upgraded) session.Close(CloseReason.TransportError);
            return false;
        }
        finally
        {
            session.EndProbe();
        }
    }

    private void OnSessionClosed(WebSocket socket, EngineSession session, CancellationTokenSource timeout)
    {
        timeout.CancelAfter(_options.CloseTimeout);
        if (session.CloseReason is { IsGraceful: false } || session.CloseReason == CloseReason.ShuttingDown) _ = SayCloseAsync(socket);
    }

    private static async Task SayCloseAsync(WebSocket socket)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // It is closed already.
        }
    }

    // One short text; anything else is no probe.
    private static async ValueTask<string?> ReadAsync(WebSocket socket, CancellationToken cancel)
    {
        var buffer = new byte[ProbeBytes];
        var result = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
        return result is { MessageType: WebSocketMessageType.Text, EndOfMessage: true }
            ? System.Text.Encoding.UTF8.GetString(buffer, 0, result.Count)
            : null;
    }

    private async ValueTask CloseAsync(WebSocket socket)
    {
        using var timeout = new CancellationTokenSource(_options.CloseTimeout, server.Time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }
}

using System.Net.WebSockets;
using System.Text;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>
/// A WebSocket that asks to take over a polling session. engine.io-protocol v4, "Upgrade": 2probe, 3probe, then 5; polling goes
/// on until the 5.
/// </summary>
internal sealed class Probe(WebSocket socket, WebSocketLifetime lifetime, EngineSession session, EngineServer server) : IDisposable
{
    private const int ProbeBytes = 64;

    private readonly EngineOptions _options = server.Options;
    private readonly CancellationTokenSource _timeout = new(server.Options.UpgradeTimeout, server.Time);
    private Task _farewell = Task.CompletedTask;

    /// <summary>True: the session is the WebSocket's. False: the WebSocket is closed, and the session as it was or closed too.</summary>
    public async ValueTask<bool> UpgradeAsync(ITransport transport)
    {
        // Not cancelled when the session closes: that would reset the connection, and lose what a closing session has to say.
        var closed = session.Closed.UnsafeRegister(static state => ((Probe)state!).OnSessionClosed(), this);
        var isUpgraded = session.TryBeginProbe() && await TryUpgradeAsync(transport);
        await closed.DisposeAsync();
        if (!isUpgraded)
        {
            await _farewell;
            await CloseAsync();
        }

        return isUpgraded;
    }

    public void Dispose() => _timeout.Dispose();

    private async ValueTask<bool> TryUpgradeAsync(ITransport transport)
    {
        try
        {
            if (await ReadAsync() is not "2probe") return false;
            await socket.SendAsync(OutgoingMessage.ProbePong.Head.Bytes, WebSocketMessageType.Text, true, _timeout.Token);
            session.AnswerProbe();
            if (await ReadAsync() is not "5" || !session.TryUpgrade(transport)) return false;
            // The last poll ends with a noop, the last POST was read before: both leases come free at once.
            await session.Outbox.Lease.WaitAsync(_timeout.Token);
            await session.Receiving.WaitAsync(_timeout.Token);
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

    private void OnSessionClosed()
    {
        _timeout.CancelAfter(_options.CloseTimeout);
        if (session.CloseReason is { IsGraceful: false } || session.CloseReason == CloseReason.ShuttingDown) _farewell = SayCloseAsync();
    }

    private async Task SayCloseAsync()
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
    private async ValueTask<string?> ReadAsync()
    {
        var buffer = new byte[ProbeBytes];
        var result = await socket.ReceiveAsync(buffer.AsMemory(), _timeout.Token);
        return result is { MessageType: WebSocketMessageType.Text, EndOfMessage: true } ? Encoding.UTF8.GetString(buffer, 0, result.Count) : null;
    }

    // Waits for the client's close frame also where ours is sent already: a connection closed with bytes unread is reset.
    private async ValueTask CloseAsync()
    {
        using var timeout = new CancellationTokenSource(_options.CloseTimeout, server.Time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived or WebSocketState.CloseSent)
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
        }
        catch (WebSocketException)
        {
            // The client went without a word.
        }
        catch (OperationCanceledException)
        {
            lifetime.Reset();
        }
    }
}

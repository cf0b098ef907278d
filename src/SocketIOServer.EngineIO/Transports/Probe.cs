using System.Text;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>
/// A WebSocket that asks to take over a polling session (engine.io-protocol v4, "Upgrade"): the client sends 2probe, the server 3probe, the client 5. Polling
/// continues until the 5. The client can omit the probe: arduinoWebSockets does, and Node's server accepts it.
/// </summary>
internal sealed class Probe(WebSocketLink link, EngineSession session, EngineServer server) : IDisposable
{
    private const int ProbeBytes = 64;

    // A WebSocket is closed here, or the session moves to it: one of the two is decided. While the client completes its upgrade, the stop of the server decides nothing.
    private const int Probing = 0;
    private const int Answered = 1;
    private const int Decided = 2;

    private readonly EngineOptions _options = server.Options;
    private readonly CancellationTokenSource _timeout = new(Timeout.InfiniteTimeSpan, server.Time);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private Task _closeSent = Task.CompletedTask;
    private ushort _code = WebSocketLink.Normal;
    private bool _isEnded;
    private int _phase = Probing;

    /// <summary>
    /// Returns true if the session has moved to the WebSocket. Otherwise the WebSocket is closed, and the session is unchanged or closed too.
    /// </summary>
    public async ValueTask<bool> UpgradeAsync(ITransport transport)
    {
        await using var timeout = new ClientTimeout(session, _options.UpgradeTimeout, static state => ((CancellationTokenSource)state).Cancel(), _timeout);
        // The reads are not cancelled when the session closes. That would reset the connection, and the close frame would be lost.
        var closed = session.Closed.UnsafeRegister(static state => ((Probe)state!).OnSessionClosed(), this);
        bool isUpgraded;
        try
        {
            isUpgraded = session.TryBeginProbe() && await TryUpgradeAsync(transport);
        }
        finally
        {
            await closed.DisposeAsync();
            session.Forgotten = null;
        }

        if (!isUpgraded)
        {
            await _closeSent;
            await CloseAsync();
            link.Messages.Release();
        }

        return isUpgraded;
    }

    public void Dispose()
    {
        _timeout.Dispose();
        _writing.Dispose();
    }

    private async ValueTask<bool> TryUpgradeAsync(ITransport transport)
    {
        try
        {
            var text = await ReadAsync(_timeout.Token);
            if (text is "2probe")
            {
                var cancel = _timeout.Token;
                session.Forgotten = () => OnSessionForgotten(cancel);
                if (Interlocked.CompareExchange(ref _phase, Answered, Probing) != Probing) return false;
                await WriteAsync(() => link.WriteMessage(OutgoingMessage.ProbePong.Head.Bytes, isBinary: false), _timeout.Token);
                session.AnswerProbe();
                text = await ReadAsync(_timeout.Token);
            }

            // Either the close frame is sent here and the session cannot move, or the session moves and its send loop sends the close frame. Never both.
            if (text is not "5" || !TryDecide() || !session.TryUpgrade(transport)) return false;
            // The last poll ends with a noop, and the last POST has been read, so both leases are released soon.
            await session.Outbox.Lease.WaitAsync(_timeout.Token);
            await session.Inbox.Lease.WaitAsync(_timeout.Token);
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
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
        // Client 4.x that has read 3probe stops polling. If the WebSocket ends before it has sent its 5, it does not poll again and is silent until its ping timeout.
        var isClosed = session.CloseReason is { IsGraceful: false } ? TryDecide()
            : session.CloseReason == CloseReason.ShuttingDown && Interlocked.CompareExchange(ref _phase, Decided, Probing) == Probing;
        if (isClosed) _closeSent = SendCloseAsync(_timeout.Token);
    }

    // The client has polled the close packet, so it does not complete its upgrade.
    private void OnSessionForgotten(CancellationToken cancel)
    {
        if (!session.IsOpen && TryDecide()) _closeSent = SendCloseAsync(cancel);
    }

    private bool TryDecide() => Interlocked.Exchange(ref _phase, Decided) != Decided;

    private async Task SendCloseAsync(CancellationToken cancel)
    {
        try
        {
            await WriteAsync(() => link.WriteClose(_code), cancel);
        }
        catch (Exception e) when (WebSocketLink.IsGone(e))
        {
            // The connection is already closed.
        }
    }

    // The session can end, and send its close frame, while the probe is answered.
    private async Task WriteAsync(Action write, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            if (link.IsClosed) return;
            write();
            await link.FlushAsync(cancel);
        }
        finally
        {
            _writing.Release();
        }
    }

    // Reads one short text. Returns null for everything else, because it is not a probe, and at the end of the connection.
    private async ValueTask<string?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var result = await link.Input.ReadAsync(cancel);
            var buffer = result.Buffer;
            var kind = link.Messages.TryRead(ref buffer);
            var text = kind == MessageKind.Text && link.Messages.Data.Length <= ProbeBytes ? Encoding.UTF8.GetString(link.Messages.Data.Span) : null;
            var ping = kind == MessageKind.Ping ? link.Messages.Data.ToArray() : null;
            // Incomplete: everything has been examined. Otherwise the rest can be read at once.
            link.Input.AdvanceTo(buffer.Start, kind == MessageKind.Incomplete ? buffer.End : buffer.Start);
            if (ping is not null) await WriteAsync(() => link.WritePong(ping), cancel);
            if (kind == MessageKind.Violation) _code = link.Messages.Code;
            _isEnded |= kind is MessageKind.Close or MessageKind.Violation or MessageKind.TooLarge;
            if (kind is not (MessageKind.Incomplete or MessageKind.Ping)) return text;
            if (!result.IsCompleted || kind == MessageKind.Ping) continue;
            _isEnded = true;
            return null;
        }
    }

    // Waits for the client's close frame even if the server's is already sent. If a connection is closed with unread bytes, it is reset.
    private async ValueTask CloseAsync()
    {
        using var timeout = new CancellationTokenSource(_options.CloseTimeout, server.Time);
        await SendCloseAsync(timeout.Token);
        try
        {
            while (!_isEnded) await ReadAsync(timeout.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client disconnected without a close frame.
        }
        catch (OperationCanceledException)
        {
            link.Reset();
        }
    }
}

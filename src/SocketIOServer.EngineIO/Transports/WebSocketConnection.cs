using System.Buffers;
using System.IO.Pipelines;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>One session's WebSocket for as long as it lasts: a loop that receives, a loop that sends.</summary>
internal sealed class WebSocketConnection(WebSocketLink link, EngineSession session, bool base64, EngineServer server)
{
    // The one who queues a message runs the send loop until it is empty; after so many it has done its share.
    private const int MaxInlineSends = 64;

    private readonly EngineOptions _options = server.Options;
    private ITimer? _closing;
    private ArrayBufferWriter<byte>? _scratch;
    private byte[]? _pong;
    private ushort _violation;

    public async Task RunAsync()
    {
        var closed = session.Closed.UnsafeRegister(static state => ((WebSocketConnection)state!).OnSessionClosed(), this);
        server.Sessions.BeginWork();
        // Neither of the loops throws.
        var sending = SendLoopAsync();
        var reason = await ReceiveLoopAsync();
        session.Close(reason);
        await sending;
        link.Messages.Release();
        // Waits for the callback where another thread is just closing the session; only then is the timer there to dispose.
        await closed.DisposeAsync();
        // None of the timers may still run when the request ends: it has nothing left to abort then, or is another's already.
        if (_closing is { } closing) await closing.DisposeAsync();
    }

    // From here both loops have CloseTimeout to end by themselves.
    private void OnSessionClosed()
    {
        try
        {
            _closing = server.Time.CreateTimer(static state => ((WebSocketLink)state!).Reset(), link, _options.CloseTimeout, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // Without a timer (the program's TimeProvider makes it) nothing would end the loops. Who closes the session logs it.
            link.Reset();
            throw;
        }
    }

    private async Task SendLoopAsync()
    {
        var outbox = session.Outbox;
        var inline = 0;
        try
        {
            while (true)
            {
                var wakeCount = outbox.WakeCount;
                if (Interlocked.Exchange(ref _pong, null) is { } pong) link.WritePong(pong);
                var taken = outbox.Take(out var message);
                if (taken == TakeResult.Taken)
                {
                    for (var i = 0; i < message.Count; i++) Write(message, i);
                    // All that is there goes out together.
                    if (!link.IsFull) continue;
                }

                if (link.IsWritten)
                {
                    if (!await FlushAsync()) break;
                    if (++inline % MaxInlineSends == 0) await Task.Yield();
                }

                if (taken == TakeResult.Ended) break;
                // Completed at once where something came during the flush.
                var wait = outbox.WaitAsync(wakeCount, link.Sender);
                if (!wait.IsCompleted) inline = 0;
                await wait.ConfigureAwait(false);
            }

            link.WriteClose(CloseCode());
            await FlushAsync();
        }
        catch (Exception e) when (WebSocketLink.IsGone(e))
        {
            // The connection is gone, or was reset for taking too long.
        }
        catch (Exception e)
        {
            // The last line of defence.
            session.Fail(e);
        }
        finally
        {
            // Should the receive loop not notice, CloseTimeout ends it.
            session.Close(CloseReason.TransportClose);
            // A session that was closed before it moved here was kept for its next poll.
            session.Forget();
            server.Sessions.EndWork();
        }
    }

    private ushort CloseCode()
    {
        if (_violation != 0) return _violation;
        if (session.CloseReason == CloseReason.ShuttingDown) return WebSocketLink.GoingAway;
        if (session.CloseReason == CloseReason.InternalError) return WebSocketLink.InternalError;
        return session.CloseReason == CloseReason.TooLarge ? WebSocketLink.TooBig : WebSocketLink.Normal;
    }

    private void Write(OutgoingMessage message, int index)
    {
        var packet = message[index];
        // Only a frame that is not the packet's own bytes needs it.
        var scratch = packet.IsBinary ? _scratch ??= new() : null!;
        var frame = session.Protocol.Frame(packet, base64, scratch, out var isBinary);
        server.Metrics.OnSent(session.Transport.Name, frame.Length);
        if (!message.IsCompressible || !link.Compresses(frame.Length)) link.WriteMessage(frame.Span, isBinary);
        else if (frame.Equals(packet.Bytes)) link.WriteMessage(message.Compressed(index, Deflate.Compress), isBinary, isDeflated: true);
        else link.WriteMessage(Deflate.Compress(frame.Span), isBinary, isDeflated: true);
    }

    // False: nobody is there any more.
    private ValueTask<bool> FlushAsync()
    {
        var flush = link.FlushAsync();
        return flush.IsCompletedSuccessfully ? new(!flush.Result.IsCompleted) : WaitAsync(flush);
    }

    // A connection whose peer does not read would be waited for without an end.
    private async ValueTask<bool> WaitAsync(ValueTask<FlushResult> flush)
    {
        await using var timeout = new ClientTimeout(session, _options.SendTimeout, static state => ((WebSocketLink)state).Reset(), link);
        return !(await flush).IsCompleted;
    }

    private async Task<CloseReason> ReceiveLoopAsync()
    {
        ClientTimeout? timeout = null;
        try
        {
            while (true)
            {
                var reading = link.Input.ReadAsync();
                if (!reading.IsCompleted && link.Messages.IsWithin)
                {
                    timeout ??= new(session, _options.MessageTimeout, static state => ((WebSocketLink)state).Reset(), link);
                }

                var result = await reading;
                var buffer = result.Buffer;
                CloseReason? reason = null;
                DiscardIfClosed();
                try
                {
                    while (reason is null && link.Messages.TryRead(ref buffer) is var kind and not MessageKind.Incomplete)
                    {
                        var handled = HandleAsync(kind);
                        reason = handled.IsCompletedSuccessfully ? handled.Result : await handled;
                        // Goes on reading, and dropping, until the client's close frame: the reason for the end reaches it so.
                        if (reason is not null && reason != CloseReason.EndOfInput)
                        {
                            session.Close(reason);
                            reason = null;
                        }

                        DiscardIfClosed();
                    }
                }
                finally
                {
                    link.Input.AdvanceTo(buffer.Start, buffer.End);
                }

                if (reason is not null) return reason;
                if (result.IsCompleted) return CloseReason.TransportClose;
                if (timeout is not null && !link.Messages.IsWithin)
                {
                    await timeout.DisposeAsync();
                    timeout = null;
                }
            }
        }
        catch (Exception e) when (WebSocketLink.IsGone(e))
        {
            return CloseReason.TransportClose;
        }
        catch (Exception e)
        {
            // The last line of defence.
            session.Fail(e);
            return CloseReason.InternalError;
        }
        finally
        {
            if (timeout is not null) await timeout.DisposeAsync();
        }
    }

    // Nobody will be given what comes now: a message that is on its way is not collected (ATTACKS A3).
    private void DiscardIfClosed()
    {
        if (!session.IsOpen) link.Messages.Discard();
    }

    // Null: go on. EndOfInput: nothing more is read.
    private ValueTask<CloseReason?> HandleAsync(MessageKind kind)
    {
        switch (kind)
        {
            case MessageKind.Text or MessageKind.Binary:
                return ReceiveAsync(link.Messages.Data, kind == MessageKind.Binary);
            case MessageKind.Ping:
                // The latest is enough (RFC 6455, 5.5.3), so a flood of them keeps nothing.
                Volatile.Write(ref _pong, link.Messages.Data.ToArray());
                session.Outbox.WakeReader();
                return default;
            case MessageKind.TooLarge:
                return new(CloseReason.TooLarge);
            case MessageKind.Violation:
                _violation = link.Messages.Code;
                return new(CloseReason.EndOfInput);
            default:
                return new(CloseReason.EndOfInput);
        }
    }

    private ValueTask<CloseReason?> ReceiveAsync(ReadOnlyMemory<byte> frame, bool isBinary)
    {
        if (!session.IsOpen) return default;
        server.Metrics.OnReceived(session.Transport.Name, frame.Length);
        if (!session.Protocol.TryReadFrame(frame, isBinary, out var packet)) return new(CloseReason.ParseError);
        var received = session.Inbox.ReceiveAsync(packet);
        return received.IsCompletedSuccessfully ? default : WaitAsync(received);

        static async ValueTask<CloseReason?> WaitAsync(ValueTask<bool> received)
        {
            await received;
            return null;
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using SocketIOServer.EngineIO.Transports.WebSockets;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>The WebSocket of one session: a receive loop and a send loop.</summary>
internal sealed class WebSocketConnection(WebSocketLink link, EngineSession session, bool base64, EngineServer server)
{
    // The send loop runs on the thread that queues a message, until the queue is empty. After this many writes, it continues on another thread.
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
        // Neither loop throws.
        var sending = SendLoopAsync();
        var reason = await ReceiveLoopAsync();
        session.Close(reason);
        await sending;
        link.Messages.Release();
        // Waits for the callback if another thread is just closing the session. Only after that can the timer be disposed.
        await closed.DisposeAsync();
        // No timer may run after the request has ended, because its context might already serve another request.
        if (_closing is { } closing) await closing.DisposeAsync();
    }

    // From here on, both loops have CloseTimeout to end by themselves.
    private void OnSessionClosed()
    {
        try
        {
            _closing = server.Time.CreateTimer(static state => ((WebSocketLink)state!).Reset(), link, _options.CloseTimeout, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // Without a timer (the application's TimeProvider creates it) nothing would end the loops. The caller logs the exception.
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
                    // All queued messages are written together.
                    if (!link.IsFull) continue;
                }

                if (link.IsWritten)
                {
                    if (!await FlushAsync()) break;
                    if (++inline % MaxInlineSends == 0) await Task.Yield();
                }

                if (taken == TakeResult.Ended) break;
                // Completes at once if a message was queued during the flush.
                var wait = outbox.WaitAsync(wakeCount, link.Sender);
                if (!wait.IsCompleted) inline = 0;
                await wait.ConfigureAwait(false);
            }

            link.WriteClose(CloseCode());
            await FlushAsync();
        }
        catch (Exception e) when (WebSocketLink.IsGone(e))
        {
            // The connection has ended, or was reset after a timeout.
        }
        catch (Exception e)
        {
            // The last catch.
            session.Fail(e);
        }
        finally
        {
            // If the receive loop does not notice the end, CloseTimeout ends it.
            session.Close(CloseReason.TransportClose);
            // A session that was closed before it moved here is still in the table for its next poll.
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
        // Needed only for a frame that differs from the packet's own bytes.
        var scratch = packet.IsBinary ? _scratch ??= new() : null!;
        var frame = session.Protocol.Frame(packet, base64, scratch, out var isBinary);
        server.Metrics.OnSent(session.Transport.Name, frame.Length);
        if (!message.IsCompressible || !link.Compresses(frame.Length)) link.WriteMessage(frame.Span, isBinary);
        else if (frame.Equals(packet.Bytes)) link.WriteMessage(message.Compressed(index, Deflate.Compress), isBinary, isDeflated: true);
        else link.WriteMessage(Deflate.Compress(frame.Span), isBinary, isDeflated: true);
    }

    // Returns false if the connection has ended.
    private ValueTask<bool> FlushAsync()
    {
        var flush = link.FlushAsync();
        return flush.IsCompletedSuccessfully ? new(!flush.Result.IsCompleted) : WaitAsync(flush);
    }

    // Without the timeout, a client that does not read would be waited for without a limit.
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
                        // Continues to read, and drops the data, until the client's close frame. That way the client receives the reason for the end.
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
            // The last catch.
            session.Fail(e);
            return CloseReason.InternalError;
        }
        finally
        {
            if (timeout is not null) await timeout.DisposeAsync();
        }
    }

    // Nothing handles what arrives from here on, so the server does not collect a message that has begun: a client could make it keep MaxPayload bytes for a session that has ended.
    private void DiscardIfClosed()
    {
        if (!session.IsOpen) link.Messages.Discard();
    }

    // Null: continue. EndOfInput: nothing more is read.
    private ValueTask<CloseReason?> HandleAsync(MessageKind kind)
    {
        switch (kind)
        {
            case MessageKind.Text or MessageKind.Binary:
                return ReceiveAsync(link.Messages.Data, kind == MessageKind.Binary);
            case MessageKind.Ping:
                // Only the latest ping needs an answer (RFC 6455, 5.5.3), so a flood of pings uses no memory.
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

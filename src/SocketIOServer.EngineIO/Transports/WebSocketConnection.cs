using System.Buffers;
using System.Net.WebSockets;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.EngineIO.Transports;

/// <summary>One session's WebSocket for as long as it lasts: a loop that receives, a loop that sends.</summary>
internal sealed class WebSocketConnection(WebSocket socket, WebSocketLifetime lifetime, EngineSession session, bool base64, EngineServer server)
{
    private const int ReceiveBytes = 4096;

    // Most packets are short. Those are read where the wait for them is, and a larger buffer is rented only for the others.
    private const int SmallBytes = 256;
    private const int CompressFrom = 1024;

    // The one who queues a message runs the send loop until it is empty; after so many it has done its share.
    private const int MaxInlineSends = 64;

    private readonly EngineOptions _options = server.Options;
    private readonly byte[] _small = new byte[SmallBytes];
    private ITimer? _closing;

    public async Task RunAsync()
    {
        var closed = session.Closed.UnsafeRegister(static state => ((WebSocketConnection)state!).OnSessionClosed(), this);
        var sending = SendLoopAsync();
        var reason = await ReceiveLoopAsync();
        session.Close(reason);
        await sending;
        // Waits for the callback where another thread is just closing the session; only then is the timer there to dispose.
        await closed.DisposeAsync();
        _closing?.Dispose();
    }

    // From here both loops have CloseTimeout to end by themselves.
    private void OnSessionClosed() =>
        _closing = server.Time.CreateTimer(static state => ((WebSocketLifetime)state!).Reset(), lifetime, _options.CloseTimeout, Timeout.InfiniteTimeSpan);

    private async Task SendLoopAsync()
    {
        var outbox = session.Outbox;
        var scratch = new ArrayBufferWriter<byte>();
        var inline = 0;
        try
        {
            while (true)
            {
                var taken = outbox.Take(out var message);
                if (taken == TakeResult.Ended) break;
                if (taken == TakeResult.Empty)
                {
                    inline = 0;
                    await outbox.WaitAsync(outbox.Interrupts, resumeInline: true).ConfigureAwait(false);
                    continue;
                }

                for (var i = 0; i < message.Count; i++) await SendAsync(message[i], message.IsCompressible, scratch);
                outbox.Sent(message.Size);
                if (++inline % MaxInlineSends == 0) await Task.Yield();
            }

            await socket.CloseOutputAsync(CloseStatus(), null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The connection is gone, or was reset for taking too long. Should the receive loop not notice, CloseTimeout ends it.
            session.Close(CloseReason.TransportClose);
        }
    }

    private WebSocketCloseStatus CloseStatus()
    {
        if (session.CloseReason == CloseReason.ShuttingDown) return WebSocketCloseStatus.EndpointUnavailable;
        return session.CloseReason == CloseReason.TooLarge ? WebSocketCloseStatus.MessageTooBig : WebSocketCloseStatus.NormalClosure;
    }

    private ValueTask SendAsync(in OutgoingPacket packet, bool isCompressible, ArrayBufferWriter<byte> scratch)
    {
        var frame = session.Protocol.Frame(packet, base64, scratch, out var isBinary);
        server.Metrics.OnSent(session.Transport.Name, frame.Length);
        var flags = WebSocketMessageFlags.EndOfMessage | (isCompressible && frame.Length >= CompressFrom ? 0 : WebSocketMessageFlags.DisableCompression);
        var send = socket.SendAsync(frame, isBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text, flags, CancellationToken.None);
        return send.IsCompletedSuccessfully ? default : WaitAsync(send);
    }

    // Kestrel's own send waits for ever for a peer that does not read, and then reports success to one that is gone.
    private async ValueTask WaitAsync(ValueTask send)
    {
        using var timer = server.Time.CreateTimer(static state => ((WebSocketLifetime)state!).Reset(), lifetime, _options.SendTimeout, Timeout.InfiniteTimeSpan);
        await send;
    }

    private async Task<CloseReason> ReceiveLoopAsync()
    {
        try
        {
            while (true)
            {
                var first = await socket.ReceiveAsync(_small.AsMemory(), CancellationToken.None);
                if (first.MessageType == WebSocketMessageType.Close) return CloseReason.TransportClose;
                var reason = first.EndOfMessage
                    ? await HandleAsync(_small.AsMemory(0, first.Count), first.MessageType)
                    : await ReceiveRestAsync(first);
                if (reason == CloseReason.TransportClose) return reason;
                // Goes on reading, and dropping, until the client's close frame: the reason for the end reaches it so.
                if (reason is not null) session.Close(reason);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            return CloseReason.TransportClose;
        }
    }

    // Null: go on.
    private ValueTask<CloseReason?> HandleAsync(ReadOnlyMemory<byte> frame, WebSocketMessageType type)
    {
        if (!session.IsOpen) return default;
        server.Metrics.OnReceived(session.Transport.Name, frame.Length);
        if (frame.Length > _options.MaxPayload) return new(CloseReason.TooLarge);
        if (!session.Protocol.TryReadFrame(frame, type == WebSocketMessageType.Binary, out var packet)) return new(CloseReason.ParseError);
        var received = session.ReceiveAsync(packet);
        return received.IsCompletedSuccessfully ? default : WaitAsync(received);

        static async ValueTask<CloseReason?> WaitAsync(ValueTask<bool> received)
        {
            await received;
            return null;
        }
    }

    private async ValueTask<CloseReason?> ReceiveRestAsync(ValueWebSocketReceiveResult result)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBytes);
        ITimer? timer = null;
        try
        {
            _small.AsSpan(0, result.Count).CopyTo(buffer);
            var length = result.Count;
            for (var fragments = 2; !result.EndOfMessage; fragments++)
            {
                if (length == buffer.Length) Grow(ref buffer, length);
                var receive = socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                if (!receive.IsCompleted)
                {
                    timer ??= server.Time.CreateTimer(
                        static state => ((WebSocketLifetime)state!).Reset(), lifetime, _options.MessageTimeout, Timeout.InfiniteTimeSpan);
                }

                result = await receive;
                if (result.MessageType == WebSocketMessageType.Close) return CloseReason.TransportClose;
                // After the session's end nothing is kept of what still comes.
                length = session.IsOpen ? length + result.Count : 0;
                if (length > _options.MaxPayload || fragments > _options.MaxFragments + length / 512) return CloseReason.TooLarge;
            }

            return await HandleAsync(buffer.AsMemory(0, length), result.MessageType);
        }
        finally
        {
            timer?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}

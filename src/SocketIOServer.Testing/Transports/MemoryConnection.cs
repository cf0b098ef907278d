using System.Buffers;
using System.IO.Pipelines;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Testing.Transports;

/// <summary>
/// One session without a network. The packets of each side are framed, read and passed to the other side in order. The code that handles a packet runs on the
/// thread that sends it, up to its first wait. So when a send completes, the test can see its effects.
/// </summary>
internal sealed class MemoryConnection(ClientSide client, int maxPayload)
{
    private readonly Lock _gate = new();
    private readonly Queue<(OutgoingMessage Message, TaskCompletionSource Sent)> _sending = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _scratch = new();
    private EngineSession? _session;
    private bool _isSending;

    public Task Opened => _opened.Task;

    public bool IsOpen => _session is { IsOpen: true };

    /// <summary>Whether the client answers pings. False simulates a frozen client.</summary>
    public bool AnswersPings { get; set; } = true;

    /// <summary>Passes packets to the client until the session ends.</summary>
    public async Task RunAsync(EngineSession session)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        _session = session;
        _opened.TrySetResult();
        var outbox = session.Outbox;
        while (true)
        {
            var taken = outbox.Take(out var message);
            if (taken == TakeResult.Ended) break;
            if (taken == TakeResult.Empty)
            {
                await outbox.WaitAsync(outbox.WakeCount, PipeScheduler.Inline).ConfigureAwait(false);
                continue;
            }

            for (var i = 0; i < message.Count; i++) Receive(session, message[i]);
        }

        client.OnClosed(new(session.CloseReason!.Text));
    }

    /// <summary>Sends a packet to the server after all earlier ones. Completes when the server has taken it, and handlers that do not wait have run.</summary>
    public Task SendAsync(OutgoingMessage message)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _sending.Enqueue((message, sent));
            // Another thread is sending, or this one is already sending further up the stack, because a client can send while it receives.
            if (_isSending) return sent.Task;
            _isSending = true;
        }

        _ = SendLoopAsync();
        return sent.Task;
    }

    /// <summary>Ends the session as if the network connection was lost.</summary>
    public void Drop() => _session?.Close(CloseReason.TransportClose);

    private void Receive(EngineSession session, in OutgoingPacket packet)
    {
        var frame = session.Protocol.Frame(packet, base64: false, _scratch, out var isBinary);
        if (!session.Protocol.TryReadFrame(frame, isBinary, out var received)) client.OnBrokenPacket(frame);
        else if (received.Type == EnginePacketType.Message) client.OnMessage(received);
        else if (received.Type == EnginePacketType.Ping && AnswersPings) _ = SendAsync(OutgoingMessage.Pong);
    }

    private async Task SendLoopAsync()
    {
        // The server's handlers must not run on the context of the test framework.
        SynchronizationContext.SetSynchronizationContext(null);
        while (true)
        {
            (OutgoingMessage Message, TaskCompletionSource Sent) next;
            lock (_gate)
            {
                _isSending = _sending.TryDequeue(out next);
                if (!_isSending) return;
            }

            try
            {
                await HandInAsync(_session!, next.Message).ConfigureAwait(false);
                next.Sent.SetResult();
            }
            catch (Exception e)
            {
                // A fault of the server itself, because exceptions of handlers do not reach this code. The test must see it.
                next.Sent.SetException(e);
            }
        }
    }

    private async ValueTask HandInAsync(EngineSession session, OutgoingMessage message)
    {
        // In this revision, the client's side frames packets as the server does.
        var scratch = new ArrayBufferWriter<byte>();
        for (var i = 0; i < message.Count; i++)
        {
            var frame = session.Protocol.Frame(message[i], base64: false, scratch, out var isBinary);
            if (frame.Length > maxPayload) session.Close(CloseReason.TooLarge);
            else if (session.Protocol.TryReadFrame(frame, isBinary, out var packet)) await session.Inbox.ReceiveAsync(packet).ConfigureAwait(false);
            else session.Close(CloseReason.ParseError);
        }
    }
}

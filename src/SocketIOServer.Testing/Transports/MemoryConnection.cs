using System.Buffers;
using System.IO.Pipelines;
using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Testing.Transports;

/// <summary>
/// One session without a network: each side's packets are framed, read and handed to the other in order. The one who sends runs what
/// follows, as far as it does not wait; so a test that has sent something finds its effects.
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

    /// <summary>Off: a client that has frozen.</summary>
    public bool AnswersPings { get; set; } = true;

    /// <summary>To the client, until the session ends.</summary>
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

    /// <summary>To the server, behind what was sent before. Completes when it was taken, and handlers have run that do not wait.</summary>
    public Task SendAsync(OutgoingMessage message)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _sending.Enqueue((message, sent));
            // Another thread is at it, or this one further up the stack: a client may send while it is told something.
            if (_isSending) return sent.Task;
            _isSending = true;
        }

        _ = SendLoopAsync();
        return sent.Task;
    }

    /// <summary>Ends the session as if the network was gone.</summary>
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
        // No handler of the server's is to find the test framework's context.
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
                // The server's own fault, since handlers' exceptions do not come here: the test is to know.
                next.Sent.SetException(e);
            }
        }
    }

    private async ValueTask HandInAsync(EngineSession session, OutgoingMessage message)
    {
        // The client's side of this revision frames as the server's does.
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

using SocketIOServer.Events;
using SocketIOServer.Inboxes;

namespace SocketIOServer.Sockets;

/// <summary>
/// Sends the messages of one inbox to one socket: each once, in order, with an ack id. A message is removed when the client acks it. What is not acked is sent again to the
/// next socket of the client.
/// </summary>
internal sealed class InboxDelivery(Socket socket, NamespaceInboxes inboxes, string inbox) : IInboxReader
{
    private const int MaxRead = 50;
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAndWoken = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private int _state;
    private long _position;
    private int _unacked;
    private long _unackedBytes;

    // A client that is sent more than MaxQueuedBytes at once would be closed as too slow.
    private long MaxUnackedBytes => socket.Context.Server.Options.MaxQueuedBytes / 4;

    public void Start()
    {
        inboxes.Add(inbox, this);
        // Either this sees that it has left, or Stop removes it.
        if (socket.HasLeft) Stop();
        else Wake();
    }

    public void Stop() => inboxes.Remove(inbox, this);

    public void Wake()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state == RunningAndWoken) return;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) != state) continue;
            if (state == Idle) _ = RunAsync();
            return;
        }
    }

    /// <summary>The client has acked a message.</summary>
    public void OnAcked(long id, int bytes)
    {
        Count(-1, -bytes);
        _ = inboxes.RemoveAsync(inbox, id);
        Wake();
    }

    // Never throws.
    private async Task RunAsync()
    {
        var pause = FirstPause;
        do
        {
            Volatile.Write(ref _state, Running);
            try
            {
                await SendAllAsync();
                pause = FirstPause;
            }
            catch (Exception e)
            {
                // The store, or a parser of the program.
                inboxes.OnFailed(e);
                await PauseAsync(pause);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
                Volatile.Write(ref _state, RunningAndWoken);
            }
        }
        while (!socket.HasLeft && Interlocked.CompareExchange(ref _state, Idle, Running) != Running);
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, socket.Context.Server.Time, socket.Disconnected).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e)
        {
            // The program's clock.
            inboxes.OnFailed(e);
        }
    }

    private async Task SendAllAsync()
    {
        while (!socket.HasLeft)
        {
            var room = inboxes.Options.MaxUnacked - Volatile.Read(ref _unacked);
            if (room <= 0 || Interlocked.Read(ref _unackedBytes) > MaxUnackedBytes) return;
            var messages = await inboxes.ReadAsync(inbox, _position, Math.Min(room, MaxRead));
            if (messages.Count == 0) return;
            foreach (var message in messages)
            {
                if (Interlocked.Read(ref _unackedBytes) > MaxUnackedBytes || !Send(message)) return;
            }
        }
    }

    // False: the socket cannot be sent anything.
    private bool Send(InboxMessage message)
    {
        // A store that is not in order would have it sent twice.
        if (message.Id <= _position) throw new InvalidOperationException($"The inbox store has returned message {message.Id} after {_position}.");
        if (!InboxContent.TryRead(message.Content, out var json, out var attachments))
        {
            _position = message.Id;
            inboxes.OnUnreadable(inbox);
            _ = inboxes.RemoveAsync(inbox, message.Id);
            return true;
        }

        // The parser may be the program's.
        var body = socket.Context.Server.Parser.Prepare(json.Span, attachments);
        var size = message.Content.Length;
        var isSent = false;
        Count(1, size);
        try
        {
            isSent = socket.TryAsk(body, new Ack(this, message.Id, size));
        }
        finally
        {
            if (!isSent) Count(-1, -size);
        }

        if (!isSent) return false;
        _position = message.Id;
        socket.Context.Server.Metrics.OnInbox("sent");
        return true;
    }

    private void Count(int messages, int bytes)
    {
        Interlocked.Add(ref _unackedBytes, bytes);
        Interlocked.Add(ref _unacked, messages);
    }

    private sealed class Ack(InboxDelivery delivery, long id, int bytes) : IPendingAck
    {
        // MaxUnacked is its limit. Otherwise it would wait for the acks of calls, and nothing wakes the delivery when one of them comes.
        public bool IsCounted => false;

        public void Complete(Json.JsonArguments answer) => delivery.OnAcked(id, bytes);

        public void Leave(LeaveReason reason)
        {
            // The message is still in the inbox.
        }
    }
}

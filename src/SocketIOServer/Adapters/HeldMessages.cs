using SocketIOServer.EngineIO;

namespace SocketIOServer.Adapters;

/// <summary>
/// Messages that are sent to a socket before its connect packet. They go out right behind that packet, in the order in which they were sent, so that the
/// connect packet is the first packet that the client gets.
/// </summary>
internal sealed class HeldMessages(EngineSession session, int maxBytes)
{
    private readonly Lock _gate = new();
    private List<(OutgoingMessage Message, bool IsLogged)>? _messages;
    private long _bytes;
    private bool _closesSession;
    private bool _isReleased;
    private bool _isDropped;

    /// <summary>False: nothing is held any more, and the caller sends the message. More messages than the session's queue may have close the session.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isLogged">Whether it is an event that a log keeps once the client is let in.</param>
    public bool TryAdd(OutgoingMessage message, bool isLogged)
    {
        lock (_gate)
        {
            if (_isDropped) return true;
            if (_isReleased) return false;
            // The rule of the queue: one message may be larger than the limit.
            if (message.Size > maxBytes ? _bytes <= maxBytes : _bytes + message.Size <= maxBytes)
            {
                _bytes += message.Size;
                (_messages ??= []).Add((message, isLogged));
                return true;
            }
        }

        session.Close(CloseReason.SlowClient);
        return true;
    }

    /// <summary>The connect packet is queued: the held messages follow it, and later messages are not held.</summary>
    public void Release()
    {
        while (TryTake(out var next))
        {
            foreach (var (message, _) in next) session.Send(message);
        }

        // Read without the lock: nothing sets it any more.
        if (_closesSession) session.Close(CloseReason.ForcedClose);
    }

    /// <summary>The same under the gate of a log or a history. If there is a log, events get their place in it now.</summary>
    public void Release(Member member, EventLog? log, QueuedSends sends)
    {
        var isBehindLog = false;
        while (TryTake(out var next))
        {
            foreach (var (message, isLogged) in next)
            {
                if (log?.Shared is { } order && member.History is not null && (isLogged || isBehindLog))
                {
                    // They get their places in the log of the cluster now, and what follows them waits with them.
                    isBehindLog = true;
                    if (isLogged) order.Post(message, member.History.Self);
                    else order.Post(() => session.Send(message));
                    sends.AddWork(order);
                    continue;
                }

                if (!isLogged || log is null || member.History is not { } history)
                {
                    sends.Add(session, message);
                    continue;
                }

                var prepared = log.Prepare(message);
                log.Append(prepared, history.Self);
                member.QueueLogged(log, message, prepared.Event, isVolatile: false, sends);
            }
        }

        if (_closesSession) sends.AddClose(session);
    }

    private bool TryTake(out List<(OutgoingMessage Message, bool IsLogged)> next)
    {
        lock (_gate)
        {
            next = _messages ?? [];
            _isReleased = _messages is null;
            _messages = null;
            return !_isReleased;
        }
    }

    /// <summary>True: the session is closed behind the held messages. False: nothing is held any more.</summary>
    public bool TryCloseBehind()
    {
        lock (_gate)
        {
            if (_isReleased || _isDropped) return false;
            return _closesSession = true;
        }
    }

    /// <summary>The client is not let in: none of the messages goes out, and later ones are dropped too.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _isDropped = true;
            _messages = null;
        }
    }
}

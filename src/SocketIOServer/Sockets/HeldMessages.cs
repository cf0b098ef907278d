using SocketIOServer.EngineIO;
using SocketIOServer.Protocol.EngineIO;

namespace SocketIOServer.Sockets;

/// <summary>
/// What is sent to a socket before its connect packet. It goes out right behind that packet, in the order in which it was sent, so that the connect
/// packet is the first that the client gets.
/// </summary>
internal sealed class HeldMessages(EngineSession session, int maxBytes)
{
    private readonly Lock _gate = new();
    private List<OutgoingMessage>? _messages;
    private long _bytes;
    private bool _closesSession;
    private bool _isReleased;
    private bool _isDropped;

    /// <summary>False: nothing is held any more, and the caller sends it. What is too much for the session's queue closes the session.</summary>
    public bool TryAdd(OutgoingMessage message)
    {
        lock (_gate)
        {
            if (_isDropped) return true;
            if (_isReleased) return false;
            // The rule of the queue: one message may be larger than the limit.
            if (message.Size > maxBytes ? _bytes <= maxBytes : _bytes + message.Size <= maxBytes)
            {
                _bytes += message.Size;
                (_messages ??= []).Add(message);
                return true;
            }
        }

        session.Close(CloseReason.SlowClient);
        return true;
    }

    /// <summary>The connect packet is queued: what was held follows, and then whatever comes goes its own way.</summary>
    public void Release()
    {
        while (true)
        {
            List<OutgoingMessage>? next;
            lock (_gate)
            {
                next = _messages;
                _messages = null;
                _isReleased = next is null;
            }

            if (next is null) break;
            foreach (var message in next) session.Send(message);
        }

        // Under no lock, but nothing sets it any more.
        if (_closesSession) session.Close(CloseReason.ForcedClose);
    }

    /// <summary>False: nothing is held any more. Else the session is closed behind what is.</summary>
    public bool TryCloseBehind()
    {
        lock (_gate)
        {
            if (_isReleased || _isDropped) return false;
            return _closesSession = true;
        }
    }

    /// <summary>The client is not let in: nothing of it goes out, now or later.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _isDropped = true;
            _messages = null;
        }
    }
}

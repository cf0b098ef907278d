using System.Diagnostics.CodeAnalysis;
using SocketIOServer.Json;

namespace SocketIOServer.Sockets;

/// <summary>The acks that are still expected. Each completes once, with the answer or because the socket left; whoever waits for it takes it out.</summary>
internal sealed class AckTable(int maxPending)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, IPendingAck> _pending = [];
    private long _nextId;
    private int _counted;
    private LeaveReason? _left;

    /// <summary>Call it before the packet is sent, or the answer could come first.</summary>
    public long Add(IPendingAck ack)
    {
        lock (_gate)
        {
            if (_left is { } reason) throw new SocketDisconnectedException(reason);
            if (ack.IsCounted && _counted >= maxPending) throw new InvalidOperationException($"The server waits for {maxPending} acks of this socket already, which is MaxPendingAcks.");
            _pending.Add(_nextId, ack);
            if (ack.IsCounted) _counted++;
            return _nextId++;
        }
    }

    public void Remove(long id)
    {
        lock (_gate) TryRemove(id, out _);
    }

    /// <summary>An id that is not known is not an error: the wait may have timed out.</summary>
    public void TryComplete(long id, JsonArguments answer)
    {
        IPendingAck? ack;
        lock (_gate)
        {
            if (!TryRemove(id, out ack)) return;
        }

        ack.Complete(answer);
    }

    /// <summary>The socket has left: no ack is expected any more.</summary>
    public void Leave(LeaveReason reason)
    {
        IPendingAck[] pending;
        lock (_gate)
        {
            _left = reason;
            pending = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var ack in pending) ack.Leave(reason);
    }

    private bool TryRemove(long id, [NotNullWhen(true)] out IPendingAck? ack)
    {
        if (!_pending.Remove(id, out ack)) return false;
        if (ack.IsCounted) _counted--;
        return true;
    }
}

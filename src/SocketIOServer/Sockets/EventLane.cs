using SocketIOServer.Events;

namespace SocketIOServer.Sockets;

/// <summary>
/// Handles the events of one socket one at a time, in order. A handler runs on the receive loop until it first waits. Events that arrive while a handler
/// waits are copied and queued; when the queue is full, the receive loop pauses.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="maxQueued">The number of queued events at which the receive loop pauses.</param>
/// <param name="unhandled">Counts the bytes of the session's events that are queued here, or that a waiting handler was given.</param>
internal sealed class EventLane(Socket socket, int maxQueued, UnhandledBytes unhandled)
{
    private readonly Lock _gate = new();
    private Queue<SocketPacket>? _queue;
    private TaskCompletionSource? _room;
    private Func<ValueTask>? _last;
    private bool _isBusy = true;
    private bool _isClosed;

    /// <summary>Handles an event, at once or behind the queued ones. Completes when there is room for another event.</summary>
    public ValueTask PostAsync(in SocketPacket packet)
    {
        lock (_gate)
        {
            if (_isClosed) return default;
            if (_isBusy)
            {
                unhandled.Add(packet.Size);
                (_queue ??= new()).Enqueue(packet.ToOwned());
                if (_queue.Count < maxQueued) return default;
                _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                return new(_room.Task);
            }

            _isBusy = true;
        }

        var handled = EventDispatch.HandleAsync(socket, packet);
        // Never faulted: exceptions of handlers are logged where the handler is called. A handler that waits goes on by itself.
        if (handled.IsCompletedSuccessfully)
        {
            Open();
            return default;
        }

        unhandled.Add(packet.Size);
        _ = FinishAsync(handled, packet.Size);
        return default;
    }

    /// <summary>The socket's OnConnected has begun: from now on events are handled.</summary>
    public void Open()
    {
        var rest = NextAsync();
        if (!rest.IsCompletedSuccessfully) _ = rest.AsTask();
    }

    /// <summary>Takes no more events, and lets the receive loop go on. Queued events are still handled.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            _isClosed = true;
            _room?.TrySetResult();
        }
    }

    /// <summary>Runs a function behind the queued events. It must not throw.</summary>
    public void RunLast(Func<ValueTask> last)
    {
        lock (_gate)
        {
            _last = last;
            if (_isBusy) return;
            _isBusy = true;
        }

        Open();
    }

    private async Task FinishAsync(ValueTask handled, long bytes)
    {
        await handled;
        unhandled.Remove(bytes);
        await NextAsync();
    }

    // Handles the queued events, then runs the last function, and leaves the lane free.
    private async ValueTask NextAsync()
    {
        while (true)
        {
            SocketPacket packet = default;
            Func<ValueTask>? last = null;
            lock (_gate)
            {
                if (_queue is null || !_queue.TryDequeue(out packet))
                {
                    last = _last;
                    _last = null;
                    _isBusy = last is not null;
                    if (last is null) return;
                }
                else if (_room is not null && _queue.Count < maxQueued)
                {
                    _room.TrySetResult();
                    _room = null;
                }
            }

            if (last is not null)
            {
                await last();
                continue;
            }

            if (!socket.IsAbandoned) await EventDispatch.HandleAsync(socket, packet);
            unhandled.Remove(packet.Size);
        }
    }
}

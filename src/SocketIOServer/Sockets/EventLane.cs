using SocketIOServer.Events;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Sockets;

/// <summary>
/// Runs a socket's handlers one at a time, in order. The first runs on the receive loop as long as it does not wait; what
/// comes while one waits queues behind it as copies, and where the queue is full the receive loop pauses.
/// </summary>
/// <param name="socket">Whose.</param>
/// <param name="maxQueued">Events.</param>
/// <param name="unhandled">Of the session: counts what waits here, and what a handler that waits was given.</param>
internal sealed class EventLane(Socket socket, int maxQueued, UnhandledBytes unhandled)
{
    private readonly Lock _gate = new();
    private Queue<SocketPacket>? _queue;
    private TaskCompletionSource? _room;
    private Func<ValueTask>? _last;
    private bool _isBusy = true;
    private bool _isClosed;

    /// <summary>Handles an event, now or in its turn. Completes when there is room for another.</summary>
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
        // Never faulted: what a handler throws is logged where it is called. What waits goes on by itself.
        if (handled.IsCompletedSuccessfully)
        {
            Open();
            return default;
        }

        unhandled.Add(packet.Size);
        _ = FinishAsync(handled, packet.Size);
        return default;
    }

    /// <summary>From here on events are handled: the socket's OnConnected has begun.</summary>
    public void Open()
    {
        var rest = NextAsync();
        if (!rest.IsCompletedSuccessfully) _ = rest.AsTask();
    }

    /// <summary>Takes no more events, and lets go of the receive loop. What is queued is still handled.</summary>
    public void Shut()
    {
        lock (_gate)
        {
            _isClosed = true;
            _room?.TrySetResult();
        }
    }

    /// <summary>Runs this behind the events that are queued. It must not throw.</summary>
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

    // Whatever is queued, then the last; leaves the lane free.
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

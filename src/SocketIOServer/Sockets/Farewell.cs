using SocketIOServer.Events;
using SocketIOServer.Namespaces;

namespace SocketIOServer.Sockets;

/// <summary>
/// OnDisconnecting and OnDisconnected of one socket, once: behind the handlers of what it had sent before; but a handler that
/// never ends does not keep a program from hearing that its client has gone.
/// </summary>
internal sealed class Farewell(Socket socket, Namespace @namespace, LeaveReason reason)
{
    private ITimer? _patience;
    private int _isBegun;

    public void Begin(EventLane lane)
    {
        var handlers = @namespace.Handlers;
        if (handlers.Disconnecting.Length + handlers.Disconnected.Length == 0 && handlers.Limit is null) return;
        var server = @namespace.Server;
        try
        {
            _patience = server.Time.CreateTimer(static state => _ = ((Farewell)state!).RunAsync().AsTask(), this, server.Options.CloseTimeout, Timeout.InfiniteTimeSpan);
        }
        catch (Exception e)
        {
            // The program's TimeProvider: then it waits as long as the handlers take.
            socket.OnFailed(e, "TimeProvider");
        }

        ThreadPool.UnsafeQueueUserWorkItem(static work => work.lane.RunLast(work.farewell.RunLastAsync), (lane, farewell: this), preferLocal: false);
    }

    private async ValueTask RunLastAsync()
    {
        await RunAsync();
        // Not where patience ended: events may still come behind a handler that takes its time.
        socket.EndLimit();
    }

    private async ValueTask RunAsync()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) != 0) return;
        _patience?.Dispose();
        var handlers = @namespace.Handlers;
        foreach (var handler in handlers.Disconnecting) await EventDispatch.RunAsync(handler, socket, @namespace, reason);
        foreach (var handler in handlers.Disconnected) await EventDispatch.RunAsync(handler, socket, @namespace, reason);
    }
}

using SocketIOServer.Events;

namespace SocketIOServer.Sockets;

/// <summary>
/// Runs OnDisconnecting and OnDisconnected of one socket, once, after OnConnected has begun and behind the handlers of events that the client had sent
/// before. A handler that never ends delays them by CloseTimeout at most.
/// </summary>
internal sealed class DisconnectHooks(Socket socket, LeaveReason reason)
{
    private readonly NamespaceContext _namespace = socket.Context;
    private ITimer? _timeout;
    private int _isTimed;
    private int _isBegun;

    public bool Any => _namespace.Handlers is { Disconnecting.Length: > 0 } or { Disconnected.Length: > 0 };

    /// <summary>The socket has left. Runs none of the program's code on this thread.</summary>
    public void Begin(EventLane lane)
    {
        if (Any || _namespace.Handlers.Limit is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.lane.RunLast(work.hooks.EndLaneAsync), (lane, hooks: this), preferLocal: false);
        else lane.RunLast(EndLaneAsync);
    }

    /// <summary>OnConnected has begun, since the lane takes events: CloseTimeout begins. Only the first call counts.</summary>
    public void StartTimeout()
    {
        if (!Any || Interlocked.Exchange(ref _isTimed, 1) != 0) return;
        var server = _namespace.Server;
        try
        {
            _timeout = server.Time.CreateTimer(
                static state => _ = ((DisconnectHooks)state!).RunAsync().AsTask(), this, server.Options.CloseTimeout, Timeout.InfiniteTimeSpan);
            // The hooks may have run on another thread before the timer existed.
            if (Volatile.Read(ref _isBegun) != 0) _timeout.Dispose();
        }
        catch (Exception e)
        {
            // The program's TimeProvider failed. The hooks then wait as long as the handlers take.
            socket.OnFailed(e, "TimeProvider");
        }
    }

    /// <summary>Waits for handlers no longer, since the server stops. Runs none of the program's code on this thread.</summary>
    public void RunNow()
    {
        if (Any) ThreadPool.UnsafeQueueUserWorkItem(static hooks => _ = hooks.RunAsync().AsTask(), this, preferLocal: false);
    }

    /// <summary>Runs the hooks, unless they have begun. Never throws.</summary>
    public async ValueTask RunAsync()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) != 0) return;
        _timeout?.Dispose();
        try
        {
            if (socket.IsAbandoned) return;
            var handlers = _namespace.Handlers;
            foreach (var handler in handlers.Disconnecting) await HandlerRun.RunAsync(handler, socket, reason);
            foreach (var handler in handlers.Disconnected) await HandlerRun.RunAsync(handler, socket, reason);
        }
        finally
        {
            socket.OnHooksEnded();
        }
    }

    // Runs behind the last event.
    private async ValueTask EndLaneAsync()
    {
        socket.OnHandled();
        if (Any) await RunAsync();
        // Only here, not when the timeout has run the hooks: events behind a slow handler are still counted.
        socket.EndLimit();
    }
}

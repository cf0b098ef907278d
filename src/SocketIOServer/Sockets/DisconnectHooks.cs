using SocketIOServer.Events;
using SocketIOServer.Namespaces;

namespace SocketIOServer.Sockets;

/// <summary>
/// OnDisconnecting and OnDisconnected of one socket. They run once, after OnConnected has begun and behind the handlers of what the client had sent
/// before. A handler that never ends holds them back no longer than CloseTimeout.
/// </summary>
internal sealed class DisconnectHooks(Socket socket, Namespace @namespace, LeaveReason reason)
{
    private ITimer? _patience;
    private int _isTimed;
    private int _isBegun;

    public bool Any => @namespace.Handlers is { Disconnecting.Length: > 0 } or { Disconnected.Length: > 0 };

    /// <summary>The socket has left. Runs none of the program's code on this thread.</summary>
    public void Begin(EventLane lane)
    {
        if (Any || @namespace.Handlers.Limit is not null)
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.lane.RunLast(work.hooks.EndLaneAsync), (lane, hooks: this), preferLocal: false);
        else lane.RunLast(EndLaneAsync);
    }

    /// <summary>The lane takes events, so OnConnected has begun: from here CloseTimeout counts. Once.</summary>
    public void StartPatience()
    {
        if (!Any || Interlocked.Exchange(ref _isTimed, 1) != 0) return;
        var server = @namespace.Server;
        try
        {
            _patience = server.Time.CreateTimer(
                static state => _ = ((DisconnectHooks)state!).RunAsync().AsTask(), this, server.Options.CloseTimeout, Timeout.InfiniteTimeSpan);
            // They may have run on another thread before there was a timer to dispose of.
            if (Volatile.Read(ref _isBegun) != 0) _patience.Dispose();
        }
        catch (Exception e)
        {
            // The program's TimeProvider: then they wait as long as the handlers take.
            socket.OnFailed(e, "TimeProvider");
        }
    }

    /// <summary>There is little time left. Runs none of the program's code on this thread.</summary>
    public void Hurry()
    {
        if (Any) ThreadPool.UnsafeQueueUserWorkItem(static hooks => _ = hooks.RunAsync().AsTask(), this, preferLocal: false);
    }

    /// <summary>Runs them, unless they have begun. Never throws.</summary>
    public async ValueTask RunAsync()
    {
        if (Interlocked.Exchange(ref _isBegun, 1) != 0) return;
        _patience?.Dispose();
        try
        {
            if (socket.IsAbandoned) return;
            var handlers = @namespace.Handlers;
            foreach (var handler in handlers.Disconnecting) await EventDispatch.RunAsync(handler, socket, @namespace, reason);
            foreach (var handler in handlers.Disconnected) await EventDispatch.RunAsync(handler, socket, @namespace, reason);
        }
        finally
        {
            socket.OnHooksEnded();
        }
    }

    // Behind the last event.
    private async ValueTask EndLaneAsync()
    {
        socket.Work.End(SocketWork.Lane);
        if (Any) await RunAsync();
        // Not where patience ended: events may still come behind a handler that takes its time.
        socket.EndLimit();
    }
}

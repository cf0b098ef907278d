using System.Text;

namespace SocketIOServer.Events;

/// <summary>Decides which handlers an event goes to: the limiter first, then OnAny, the namespace's handler, and those of the socket alone.</summary>
internal static class EventDispatch
{
    /// <summary>Runs the handlers of an event; if it has none, the packet stays unread. Called in the lane. Never throws.</summary>
    public static ValueTask HandleAsync(EventSocket socket, in SocketPacket packet)
    {
        var handlers = socket.Context.Handlers;
        var handler = handlers.Find(packet.Name.Span);
        if (handlers.Limit is { } limit)
        {
            try
            {
                if (!socket.TryAcquire(limit))
                {
                    var refused = CreateCall(socket, packet);
                    UserCode.OnNotHandled(refused, "rate limited.");
                    refused.Fail("rate limited");
                    return default;
                }
            }
            catch (Exception e)
            {
                // The program's limiter. What cannot be counted is not handled.
                return UserCode.OnFailedAsync(e, CreateCall(socket, packet));
            }
        }

        // What runs before the handler may wait, and the packet is only borrowed.
        if (handlers.Any.Length > 0 || socket.Handlers is not null) return HandleAllAsync(handler, socket, packet.ToOwned());
        if (handler is not null) return BeginAsync(handler, handler.Name, socket, packet, isOwned: false);
        // The name is decoded only where somebody takes it: most unknown events are dropped unread.
        var name = handlers.Fallback is null ? "" : Encoding.UTF8.GetString(packet.Name.Span);
        return HandleUnknownAsync(name, socket, packet, isOwned: false);
    }

    // For the log and for an answer; nothing is read.
    private static EventCall CreateCall(EventSocket socket, in SocketPacket packet) => new(socket, Encoding.UTF8.GetString(packet.Name.Span), packet);

    private static ValueTask HandleUnknownAsync(string name, EventSocket socket, in SocketPacket packet, bool isOwned)
    {
        if (socket.Context.Handlers.Fallback is { } fallback) return BeginAsync(fallback, name, socket, packet, isOwned);
        UnknownEvents.OnDropped(socket, packet);
        return default;
    }

    private static ValueTask BeginAsync(Handler handler, string name, EventSocket socket, in SocketPacket packet, bool isOwned, int index = 0)
    {
        var owned = isOwned || handler.ReadsAtOnce && socket.Context.Handlers.Filters.Length == 0 ? packet : packet.ToOwned();
        socket.Current = handler;
        var call = new EventCall(socket, name, owned) { HandlerIndex = index };
        return handler.Concurrency == 1 ? HandlerRun.RunAsync(handler, call) : socket.ConcurrentRuns.BeginAsync(handler, call);
    }

    private static async ValueTask HandleAllAsync(Handler? handler, EventSocket socket, SocketPacket packet)
    {
        var name = handler?.Name ?? Encoding.UTF8.GetString(packet.Name.Span);
        // An event has one ack: the first handler that is meant for the event gives it.
        var silent = packet with { Id = SocketPacket.NoId };
        var ofNamespace = socket.Context.Handlers.Any;
        foreach (var any in socket.Handlers is { Any.Length: > 0 } handlers ? [.. ofNamespace, .. handlers.Any] : ofNamespace)
        {
            socket.Current = any;
            await HandlerRun.RunAsync(any, new(socket, name, silent, looksOn: true));
        }

        var own = socket.Handlers?.Take(name) ?? [];
        if (handler is not null)
        {
            await BeginAsync(handler, name, socket, packet, isOwned: true);
            packet = silent;
        }
        else if (own.Length == 0)
        {
            await HandleUnknownAsync(name, socket, packet, isOwned: true);
        }

        for (var i = 0; i < own.Length; i++)
        {
            await BeginAsync(own[i], name, socket, packet, isOwned: true, i + 1);
            packet = silent;
        }
    }
}

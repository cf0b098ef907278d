using System.Text;
using Microsoft.AspNetCore.Authentication;
using SocketIOServer.Protocol.SocketIO;

namespace SocketIOServer.Events;

/// <summary>The handlers of a namespace. Declared at start, read without a lock.</summary>
internal sealed class HandlerTable(IReadOnlyList<FilterFactory> filtersOfAll)
{
    private volatile Dictionary<byte[], Handler> _events = new(new Utf8Comparer());

    public Handler[] Any { get; private set; } = [];

    /// <summary>For events that no other handler takes; null: there is none.</summary>
    public Handler? Fallback { get; private set; }

    public Handler[] Connecting { get; private set; } = [];

    public Handler[] Connected { get; private set; } = [];

    public Handler[] Disconnecting { get; private set; } = [];

    public Handler[] Disconnected { get; private set; } = [];

    public Func<EventError, ValueTask>[] Errors { get; private set; } = [];

    public Observers<OutgoingEvent> Outgoing { get; } = new("OnAnyOutgoing");

    public Observers<RoomChange> RoomChanged { get; } = new("OnRoomChanged");

    /// <summary>Outermost first.</summary>
    public FilterFactory[] Filters { get; private set; } = [.. filtersOfAll];

    /// <summary>Reads the user from what the client sends to connect; null: the user is the first request's.</summary>
    public Func<Handshake, IServiceProvider, ValueTask<AuthenticateResult?>>? Authentication { get; set; }

    /// <summary>Who may come in at all; null: everybody.</summary>
    public Admission? Admission { get; set; }

    /// <summary>Makes what counts a socket's events; null: nothing does.</summary>
    public EventLimit? Limit { get; set; }

    /// <summary>All of them, and whether each is of an event.</summary>
    public IEnumerable<(Handler Handler, bool IsEvent)> All =>
    [
        .. Connecting.Concat(Connected).Concat(Any).Select(static hook => (hook, false)),
        .. _events.Values.Select(static handler => (handler, true)),
        .. (Fallback is null ? [] : (Handler[])[Fallback]).Concat(Disconnecting).Concat(Disconnected).Select(static hook => (hook, false)),
    ];

    public void AddEvent(Handler handler)
    {
        // A copy each time: a table that is being read never changes.
        var events = new Dictionary<byte[], Handler>(_events, new Utf8Comparer());
        if (!events.TryAdd(Encoding.UTF8.GetBytes(handler.Name), handler))
            throw new ArgumentException($"The event \"{handler.Name}\" has a handler already.");
        _events = events;
    }

    public void AddAny(Handler handler) => Any = [.. Any, handler];

    public void AddFallback(Handler handler) =>
        Fallback = Fallback is null ? handler : throw new ArgumentException("The namespace has a fallback handler already (OnFallback).");

    public void AddConnecting(Handler handler) => Connecting = [.. Connecting, handler];

    public void AddConnected(Handler handler) => Connected = [.. Connected, handler];

    public void AddDisconnecting(Handler handler) => Disconnecting = [.. Disconnecting, handler];

    public void AddDisconnected(Handler handler) => Disconnected = [.. Disconnected, handler];

    public void AddError(Func<EventError, ValueTask> handler) => Errors = [.. Errors, handler];

    public void AddFilter(FilterFactory filter) => Filters = [.. Filters, filter];

    /// <summary>Runs the handlers of an event; without one the packet stays unread. Never throws.</summary>
    public ValueTask HandleAsync(EventSocket socket, in SocketPacket packet)
    {
        _events.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(packet.Name.Span, out var handler);
        if (Limit is not null)
        {
            try
            {
                if (!socket.TryAcquire(Limit))
                {
                    var refused = ToCall(socket, packet);
                    UserCode.OnNotHandled(refused, "rate limited.");
                    refused.Fail("rate limited");
                    return default;
                }
            }
            catch (Exception e)
            {
                // The program's limiter. What cannot be counted is not handled.
                return UserCode.OnFailedAsync(e, ToCall(socket, packet));
            }
        }

        // What comes before the handler may wait, and the packet is only borrowed.
        if (Any.Length > 0 || socket.Handlers is not null) return HandleAllAsync(handler, socket, packet.ToOwned());
        if (handler is not null) return HandleAsync(handler, handler.Name, socket, packet, isOwned: false);
        return HandleUnknownAsync(NameForFallback(packet), socket, packet, isOwned: false);
    }

    // For the log and for an answer; nothing is read.
    private static EventCall ToCall(EventSocket socket, in SocketPacket packet) =>
        new(socket, Encoding.UTF8.GetString(packet.Name.Span), packet);

    // Made only where somebody takes it: most unknown events are dropped unread.
    private string NameForFallback(in SocketPacket packet) => Fallback is null ? "" : Encoding.UTF8.GetString(packet.Name.Span);

    private ValueTask HandleUnknownAsync(string name, EventSocket socket, in SocketPacket packet, bool isOwned)
    {
        if (Fallback is { } fallback) return HandleAsync(fallback, name, socket, packet, isOwned);
        UnknownEvents.OnDropped(socket, packet);
        return default;
    }

    private ValueTask HandleAsync(Handler handler, string name, EventSocket socket, in SocketPacket packet, bool isOwned)
    {
        var owned = isOwned || handler.ReadsAtOnce && Filters.Length == 0 ? packet : packet.ToOwned();
        socket.Current = handler;
        var call = new EventCall(socket, name, owned);
        return handler.Concurrency == 1 ? EventDispatch.RunAsync(handler, call) : socket.ConcurrentRuns.BeginAsync(handler, call);
    }

    private async ValueTask HandleAllAsync(Handler? handler, EventSocket socket, SocketPacket packet)
    {
        var name = handler?.Name ?? Encoding.UTF8.GetString(packet.Name.Span);
        // One ack an event: the first handler that is meant for it gives it.
        var silent = packet with { Id = SocketPacket.NoId };
        foreach (var any in Any)
        {
            socket.Current = any;
            await EventDispatch.RunAsync(any, new(socket, name, silent, looksOn: true));
        }

        var own = socket.Handlers?.Take(name) ?? [];
        if (handler is not null)
        {
            await HandleAsync(handler, name, socket, packet, isOwned: true);
            packet = silent;
        }
        else if (own.Length == 0)
        {
            await HandleUnknownAsync(name, socket, packet, isOwned: true);
        }

        foreach (var other in own)
        {
            await HandleAsync(other, name, socket, packet, isOwned: true);
            packet = silent;
        }
    }
}

using System.Text;
using Microsoft.AspNetCore.Authentication;
using SocketIOServer.Adapters;

namespace SocketIOServer.Events;

/// <summary>The handlers of a namespace. They are declared at the start and read without a lock.</summary>
internal sealed class HandlerTable(IReadOnlyList<FilterFactory> filtersOfAll)
{
    private volatile Dictionary<byte[], Handler> _events = new(new Utf8Comparer());

    // Events of other servers.
    private volatile Dictionary<string, Handler> _cluster = new(StringComparer.Ordinal);

    public Handler[] Any { get; private set; } = [];

    /// <summary>The handler of events that have no other handler. Null: none.</summary>
    public Handler? Fallback { get; private set; }

    public Handler[] Connecting { get; private set; } = [];

    public Handler[] Connected { get; private set; } = [];

    public Handler[] Disconnecting { get; private set; } = [];

    public Handler[] Disconnected { get; private set; } = [];

    public Func<EventError, ValueTask>[] Errors { get; private set; } = [];

    public Observers<OutgoingEvent> Outgoing { get; } = new("OnAnyOutgoing");

    public Observers<RoomChange> RoomChanged { get; } = new("OnRoomChanged");

    /// <summary>The filters, the outermost first.</summary>
    public FilterFactory[] Filters { get; private set; } = [.. filtersOfAll];

    /// <summary>Takes the user from the client's auth. Null: the user is that of the first request.</summary>
    public Func<Handshake, IServiceProvider, ValueTask<AuthenticateResult?>>? Authentication { get; set; }

    /// <summary>Where in the auth of a client its token is; null: tokens are not read.</summary>
    public string? TokenMember { get; set; }

    /// <summary>The policy for clients that connect. Null: none.</summary>
    public AuthorizationCheck? Authorization { get; set; }

    /// <summary>Creates the limiter of a socket. Null: events are not limited.</summary>
    public EventLimit? Limit { get; set; }

    /// <summary>Keeps the latest events of rooms. Null: none are kept.</summary>
    public HistoryStore? History { get; set; }

    /// <summary>Whether events can have keys.</summary>
    public bool HasRetryKeys { get; private set; }

    /// <summary>All handlers, and whether each handles an event.</summary>
    public IEnumerable<(Handler Handler, bool IsEvent)> All =>
    [
        .. Connecting.Concat(Connected).Concat(Any).Select(static hook => (hook, false)),
        .. _events.Values.Select(static handler => (handler, true)),
        .. (Fallback is null ? [] : (Handler[])[Fallback]).Concat(Disconnecting).Concat(Disconnected).Select(static hook => (hook, false)),
    ];

    public void AddEvent(Handler handler)
    {
        // A copy, because a table that is read must not change.
        var events = new Dictionary<byte[], Handler>(_events, new Utf8Comparer());
        if (!events.TryAdd(Encoding.UTF8.GetBytes(handler.Name), handler))
            throw new ArgumentException($"The event \"{handler.Name}\" has a handler already.");
        _events = events;
        HasRetryKeys |= handler.RetryKey is not null;
    }

    public void AddCluster(Handler handler)
    {
        var events = new Dictionary<string, Handler>(_cluster, StringComparer.Ordinal);
        if (!events.TryAdd(handler.Name, handler)) throw new ArgumentException($"The event \"{handler.Name}\" of other servers has a handler already (OnCluster).");
        _cluster = events;
    }

    /// <summary>The handler of an event of another server; null: there is none.</summary>
    public Handler? FindCluster(string name) => _cluster.GetValueOrDefault(name);

    public void AddAny(Handler handler) => Any = [.. Any, handler];

    public void AddFallback(Handler handler) =>
        Fallback = Fallback is null ? handler : throw new ArgumentException("The namespace has a fallback handler already (OnFallback).");

    public void AddConnecting(Handler handler) => Connecting = [.. Connecting, handler];

    public void AddConnected(Handler handler) => Connected = [.. Connected, handler];

    public void AddDisconnecting(Handler handler) => Disconnecting = [.. Disconnecting, handler];

    public void AddDisconnected(Handler handler) => Disconnected = [.. Disconnected, handler];

    public void AddError(Func<EventError, ValueTask> handler) => Errors = [.. Errors, handler];

    public void AddFilter(FilterFactory filter) => Filters = [.. Filters, filter];

    /// <summary>The handler of an event. Null: none.</summary>
    /// <param name="name">The event, in UTF-8.</param>
    public Handler? Find(ReadOnlySpan<byte> name)
    {
        _events.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var handler);
        return handler;
    }
}

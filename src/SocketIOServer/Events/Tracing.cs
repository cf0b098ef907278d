using System.Diagnostics;

namespace SocketIOServer.Events;

/// <summary>The spans of the server: one for each CONNECT that the program decides on, and one for each run of a handler.</summary>
internal static class Tracing
{
    public const string Name = "SocketIOServer";
    public const string Event = "socketio.event";
    public const string Namespace = "socketio.namespace";
    public const string Transport = "socketio.transport";
    public const string Reason = "socketio.reason";
    public const string Kind = "socketio.kind";
    public const string Error = "error.type";

    private const string SocketId = "socketio.socket.id";

    private static readonly ActivitySource Source = new(Name, Version);

    public static string Version => typeof(Tracing).Assembly.GetName().Version!.ToString(3);

    public static bool IsOn => Source.HasListeners();

    /// <summary>A link to the current request, for spans that begin long after it; null while nobody traces.</summary>
    public static ActivityLink[]? Origin() => IsOn && Activity.Current is { } request ? [new(request.Context)] : null;

    /// <summary>
    /// Starts the span of a CONNECT. It belongs to the request that brings it, which is still going on. Null: nobody records it.
    /// Changes Activity.Current: call it from an async method, which restores it.
    /// </summary>
    public static Activity? StartConnect(EventSocket socket) => IsOn ? Start("connect", null, socket, Activity.Current) : null;

    /// <summary>
    /// Starts the span of an event. An event in a POST belongs to that request. The request of a WebSocket is the connection itself and can last for days;
    /// a trace of that length would be useless, so each event begins a trace of its own, with a link to the beginning of the session.
    /// </summary>
    /// <inheritdoc cref="StartConnect"/>
    public static Activity? StartEvent(string name, EventSocket socket) =>
        IsOn ? Start(name, name, socket, socket.Transport == TransportKind.Polling ? Activity.Current : null) : null;

    public static void Fail(Activity? span, Exception error, EventSocket socket)
    {
        try
        {
            span?.SetTag(Error, error.GetType().FullName).SetStatus(ActivityStatusCode.Error).AddException(error);
        }
        catch (Exception e)
        {
            // A listener's callback failed, or the exception's own text.
            socket.Context.Server.Metrics.Engine.OnListenerFailed(e);
        }
    }

    public static void End(Activity? span, EventSocket socket)
    {
        try
        {
            span?.Dispose();
        }
        catch (Exception e)
        {
            // A listener's callback failed.
            socket.Context.Server.Metrics.Engine.OnListenerFailed(e);
        }
    }

    // If a listener throws, the span is not recorded.
    private static Activity? Start(string name, string? @event, EventSocket socket, Activity? parent)
    {
        var current = Activity.Current;
        try
        {
            return StartSpan(name, @event, socket, parent);
        }
        catch (Exception e)
        {
            Activity.Current = current;
            socket.Context.Server.Metrics.Engine.OnListenerFailed(e);
            return null;
        }
    }

    private static Activity? StartSpan(string name, string? @event, EventSocket socket, Activity? parent)
    {
        var current = Activity.Current;
        // An event that waited behind another one may run after its request has ended.
        var isRoot = parent is not { IsStopped: false };
        if (isRoot) Activity.Current = null;
        KeyValuePair<string, object?>[] tags =
        [
            new(Namespace, socket.Context.Name),
            new(Transport, socket.Transport == TransportKind.Polling ? "polling" : "websocket"),
            new(SocketId, socket.LogId),
            .. @event is null ? Array.Empty<KeyValuePair<string, object?>>() : [new(Event, @event)],
        ];
        var span = Source.StartActivity($"{socket.Context.MetricName} {name}", ActivityKind.Server, default(ActivityContext), tags, isRoot ? socket.Client.Origin : null);
        // Nobody records the span. The handler's own activities then have the parent that they would have without it.
        if (span is null && isRoot) Activity.Current = current;
        return span;
    }
}

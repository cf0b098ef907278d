using System.Diagnostics;

namespace SocketIOServer.Events;

/// <summary>The spans: one for each CONNECT that is judged, one for each run of a handler.</summary>
internal static class Tracing
{
    public const string Name = "SocketIOServer";
    public const string Event = "socketio.event";
    public const string Namespace = "socketio.namespace";
    public const string Transport = "socketio.transport";
    public const string Reason = "socketio.reason";
    public const string Error = "error.type";

    private const string SocketId = "socketio.socket.id";

    private static readonly ActivitySource Source = new(Name, Version);

    public static string Version => typeof(Tracing).Assembly.GetName().Version!.ToString(3);

    public static bool IsOn => Source.HasListeners();

    /// <summary>The request that is being served, to be linked to from spans that come long after it; null while nobody traces.</summary>
    public static ActivityLink[]? Origin() => IsOn && Activity.Current is { } request ? [new(request.Context)] : null;

    /// <summary>
    /// A CONNECT belongs to the request that brings it, which is still going on. Null: nobody records it.
    /// Changes Activity.Current: call it from an async method, which keeps that to itself.
    /// </summary>
    public static Activity? StartConnect(EventSocket socket) => IsOn ? Start("connect", null, socket, Activity.Current) : null;

    /// <summary>
    /// An event that a POST brings belongs to that request. A WebSocket's request is the connection itself and may last for days:
    /// a trace of that length would be of no use, so each event begins its own and is linked to where the session began.
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
            // A listener's callback, or an exception whose text cannot be read.
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
            // A listener's callback.
            socket.Context.Server.Metrics.Engine.OnListenerFailed(e);
        }
    }

    // What listeners throw is their own affair: nobody records this span then.
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
        // An event that waited behind another may run after its own request's end.
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
        // Nobody wants this one; what the handler starts is then seen as if we were not there.
        if (span is null && isRoot) Activity.Current = current;
        return span;
    }
}

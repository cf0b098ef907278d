using System.Diagnostics;

namespace SocketIOServer.Events;

/// <summary>Measures and traces one run of a handler. Made only while a meter or a trace listens.</summary>
internal readonly struct HandlerWatch
{
    private readonly Handler _handler;
    private readonly EventCall _call;
    private readonly EventSocket _socket;
    private readonly NamespaceContext _namespace;
    private readonly Activity? _span;
    private readonly long? _begin;

    public HandlerWatch(Handler handler, EventCall call)
    {
        _handler = handler;
        _call = call;
        _socket = call.Sender;
        _namespace = call.Namespace;
        _span = Tracing.StartEvent(handler.Name, _socket);
        if (!_namespace.Server.Metrics.TimesHandlers) return;
        try
        {
            _begin = _namespace.Server.Time.GetTimestamp();
        }
        catch (Exception e)
        {
            // The program's TimeProvider failed. The handler runs without being timed.
            _namespace.Server.Metrics.Engine.OnListenerFailed(e);
        }
    }

    public static bool IsOn(ServerContext server) => server.Metrics.TimesHandlers || Tracing.IsOn;

    /// <param name="error">What the handler threw.</param>
    public void End(Exception? error)
    {
        var kind = KindOf(error);
        if (_begin is { } begin) _namespace.Server.Metrics.OnHandled(begin, _handler.Name, _namespace.MetricName, kind);
        if (error is BindingException) _span?.SetTag(Tracing.Error, kind);
        else if (kind is not null) Tracing.Fail(_span, error!, _socket);
        Tracing.End(_span, _socket);
    }

    // An AckException is an answer and not an error, and neither is a client that has left. Invalid arguments are an error, but not of the server.
    private string? KindOf(Exception? error) => error switch
    {
        null or AckException => null,
        BindingException => "invalid_arguments",
        _ when UserCode.IsEnd(error, _call) => null,
        _ => error.GetType().FullName,
    };
}

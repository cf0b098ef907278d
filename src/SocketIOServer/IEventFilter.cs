namespace SocketIOServer;

/// <summary>
/// Runs code around the handlers of a namespace, or of all namespaces. An instance is created for each event, with services of the event's scope in its
/// constructor. The first filter that was added is the outermost. A filter runs on the thread of the handler.
/// </summary>
public interface IEventFilter
{
    /// <summary>Runs in place of the handler; <paramref name="next"/> runs the handler.</summary>
    /// <param name="context">The event.</param>
    /// <param name="next">Runs the next filter, or the handler. Returns the result of the handler, null if it has none. Throws what the handler throws.</param>
    /// <returns>The ack. Throw <see cref="AckException"/> to refuse an event.</returns>
    ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next);
}

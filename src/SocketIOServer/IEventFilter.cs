namespace SocketIOServer;

/// <summary>
/// Code around the handlers of a namespace, or of all. Made for each event: its constructor takes services, and the event's scope is
/// its own. Filters run in the order they were added, outermost first. Thread: the handler's.
/// </summary>
public interface IEventFilter
{
    /// <summary>Runs instead of the handler, which <paramref name="next"/> runs.</summary>
    /// <param name="context">The event.</param>
    /// <param name="next">The next filter, or the handler. Gives what the handler returned; null for one without a result. Throws what it throws.</param>
    /// <returns>The ack. To refuse an event throw <see cref="AckException"/>.</returns>
    ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next);
}

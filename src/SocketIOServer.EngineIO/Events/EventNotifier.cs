using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.EngineIO.Events;

/// <summary>Calls the application's <see cref="EngineEvents"/>. Exceptions are logged. No method of this class throws.</summary>
internal sealed partial class EventNotifier(EngineEvents events, SessionTable sessions, ILogger logger)
{
    public void OnConnectionError(HttpContext context, Rejection rejection)
    {
        if (events.OnConnectionError is { } handler) _ = CallAsync(handler, new(context, rejection), nameof(events.OnConnectionError));
    }

    /// <summary>Completes when the headers are set.</summary>
    public Task OnHeadersAsync(HttpContext context, EngineSession session, bool isFirst)
    {
        if (events.OnHeaders is null && (!isFirst || events.OnInitialHeaders is null)) return Task.CompletedTask;
        return SetHeadersAsync(new(context, session), isFirst);
    }

    public void OnOpened(HttpContext context, EngineSession session)
    {
        if (events.OnOpened is { } handler) _ = CallAsync(handler, new(context, session), nameof(events.OnOpened));
    }

    public void OnUpgraded(EngineSession session)
    {
        if (events.OnUpgraded is { } handler) _ = CallAsync(handler, new(session), nameof(events.OnUpgraded));
    }

    /// <summary>Runs on the pool, because a session can be closed in the middle of a broadcast or by a timer. A stop of the server waits for it.</summary>
    public void OnClosed(EngineSession session, CloseReason reason)
    {
        if (events.OnClosed is not { } handler) return;
        sessions.BeginWork();
        ThreadPool.UnsafeQueueUserWorkItem(
            static closed => _ = closed.notifier.CallClosedAsync(closed.handler, closed.context), (notifier: this, handler, context: new EngineClosedContext(session, reason)), preferLocal: false);
    }

    private async Task SetHeadersAsync(EngineHeadersContext context, bool isFirst)
    {
        if (isFirst && events.OnInitialHeaders is { } first) await CallAsync(first, context, nameof(events.OnInitialHeaders));
        if (events.OnHeaders is { } each) await CallAsync(each, context, nameof(events.OnHeaders));
    }

    private async Task CallClosedAsync(Func<EngineClosedContext, Task> handler, EngineClosedContext context)
    {
        await CallAsync(handler, context, nameof(events.OnClosed));
        sessions.EndWork();
    }

    private async Task CallAsync<T>(Func<T, Task> handler, T context, string name)
    {
        try
        {
            await handler(context);
        }
        catch (Exception e)
        {
            // Code of the application.
            LogEventFailed(logger, e, name);
        }
    }

    [LoggerMessage(15, LogLevel.Error, "{Event} of EngineEvents threw an exception. The connection is not affected.")]
    private static partial void LogEventFailed(ILogger logger, Exception exception, string @event);
}

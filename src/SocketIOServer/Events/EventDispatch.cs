using Microsoft.Extensions.Logging;
using SocketIOServer.Namespaces;
using SocketIOServer.Sockets;

namespace SocketIOServer.Events;

/// <summary>Runs one handler: who may, filters, the handler, its scope. What they throw ends here.</summary>
internal static partial class EventDispatch
{
    /// <summary>Runs a hook. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, Socket socket, Namespace @namespace, LeaveReason reason) =>
        RunAsync(handler, new(socket, @namespace, handler.Name, reason));

    /// <summary>Runs the handler of an event. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, EventCall call)
    {
        ValueTask run;
        try
        {
            run = HandlerWatch.IsOn(call.Namespace.Server) ? InvokeWatchedAsync(handler, call) : InvokeAsync(handler, call);
            if (run.IsCompletedSuccessfully && !call.HasScope) return default;
        }
        catch (Exception e)
        {
            // The user's: handled below, with what it threw while it waited.
            run = ValueTask.FromException(e);
        }

        return FinishAsync(run, call);
    }

    private static async ValueTask InvokeWatchedAsync(Handler handler, EventCall call)
    {
        var watch = new HandlerWatch(handler, call);
        try
        {
            await InvokeAsync(handler, call);
        }
        catch (Exception e)
        {
            // Only looked at: whoever called knows what to do with it.
            watch.End(e);
            throw;
        }

        watch.End(null);
    }

    private static ValueTask InvokeAsync(Handler handler, EventCall call)
    {
        // A hook and a handler of all events are no event of the client's: neither filters nor policies are for them.
        var filters = call.IsEvent ? call.Namespace.Handlers.Filters : [];
        return handler.Admission is null && filters.Length == 0 ? handler.InvokeAsync(call) : InvokeGuardedAsync(handler, call, filters);
    }

    private static async ValueTask InvokeGuardedAsync(Handler handler, EventCall call, FilterFactory[] filters)
    {
        if (handler.Admission is { } admission && !await admission.AllowsAsync(call))
        {
            LogForbidden(call.Namespace.Server.Logger, call.Name, call.Namespace.Name, call.Socket.LogId);
            call.Fail("forbidden");
            return;
        }

        if (filters.Length == 0) await handler.InvokeAsync(call);
        else await call.CompleteHeld(await FilterAsync(filters, handler, call, new(call)));
    }

    private static async ValueTask<object?> FilterAsync(ReadOnlyMemory<FilterFactory> filters, Handler handler, EventCall call, SocketEvent context)
    {
        if (!filters.IsEmpty)
            return await filters.Span[0](call.Services).InvokeAsync(context, next => FilterAsync(filters[1..], handler, call, next));
        call.Hold();
        try
        {
            await handler.InvokeAsync(call);
        }
        finally
        {
            call.Release();
        }

        return call.Result;
    }

    private static async ValueTask FinishAsync(ValueTask run, EventCall call)
    {
        var logger = call.Namespace.Server.Logger;
        try
        {
            await run;
        }
        catch (AckException e)
        {
            await AnswerAsync(call, e);
        }
        catch (BindingException e)
        {
            LogNotBound(logger, call.Name, call.Namespace.Name, call.Socket.LogId, e.Message);
            call.Fail("invalid arguments");
        }
        catch (Exception e) when (e is OperationCanceledException or SocketDisconnectedException && call.Socket.HasLeft)
        {
            // It stopped because its client has gone, as it should.
        }
        catch (Exception e)
        {
            await FailAsync(e, call);
        }

        try
        {
            await call.DisposeScopeAsync();
        }
        catch (Exception e)
        {
            // A service of the user's that throws while it is disposed.
            LogFailed(logger, e, call.Name, call.Namespace.Name, call.Socket.LogId);
        }
    }

    private static async ValueTask AnswerAsync(EventCall call, AckException answer)
    {
        try
        {
            await call.Complete(answer.Payload);
        }
        catch (Exception e)
        {
            // A payload that cannot be JSON is a fault of the handler like any other.
            await FailAsync(e, call);
        }
    }

    // The user's own: logged once, and the socket lives.
    private static async ValueTask FailAsync(Exception error, EventCall call)
    {
        var server = call.Namespace.Server;
        LogFailed(server.Logger, error, call.Name, call.Namespace.Name, call.Socket.LogId);
        if (server.Options.AckErrors && call.IsEvent) call.Fail("failed");
        foreach (var handler in call.Namespace.Handlers.Errors)
        {
            try
            {
                await handler(new(call.Socket, call.Name, error));
            }
            catch (Exception e)
            {
                LogFailed(server.Logger, e, "OnError", call.Namespace.Name, call.Socket.LogId);
            }
        }
    }

    [LoggerMessage(20, LogLevel.Information, "The handler of \"{Event}\" in {Namespace} did not run for socket {Socket}: {Why}")]
    private static partial void LogNotBound(ILogger logger, string @event, string @namespace, string socket, string why);

    [LoggerMessage(21, LogLevel.Error, "The handler of \"{Event}\" in {Namespace} failed for socket {Socket}.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string @event, string @namespace, string socket);

    [LoggerMessage(22, LogLevel.Information, "Socket {Socket} may not send \"{Event}\" in {Namespace}.")]
    private static partial void LogForbidden(ILogger logger, string @event, string @namespace, string socket);
}

using Microsoft.Extensions.Logging;
using SocketIOServer.Namespaces;
using SocketIOServer.Sockets;

namespace SocketIOServer.Events;

/// <summary>Runs one handler: who may, filters, the handler, its scope. What they throw ends here.</summary>
internal static partial class EventDispatch
{
    /// <summary>Runs a hook. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, Socket socket, Namespace @namespace, LeaveReason reason) =>
        RunAsync(handler, new EventCall(socket, @namespace, handler.Name, reason), socket, @namespace);

    /// <summary>Runs the handler of an event. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, EventCall call, Socket socket, Namespace @namespace)
    {
        ValueTask run;
        try
        {
            run = HandlerWatch.IsOn(@namespace.Server) ? InvokeWatchedAsync(handler, call, socket, @namespace) : InvokeAsync(handler, call, @namespace);
            if (run.IsCompletedSuccessfully && !call.HasScope) return default;
        }
        catch (Exception e)
        {
            // The user's: handled below, with what it threw while it waited.
            run = ValueTask.FromException(e);
        }

        return FinishAsync(run, handler, call, socket, @namespace);
    }

    private static async ValueTask InvokeWatchedAsync(Handler handler, EventCall call, Socket socket, Namespace @namespace)
    {
        var watch = HandlerWatch.Start(handler, socket, @namespace);
        try
        {
            await InvokeAsync(handler, call, @namespace);
        }
        catch (Exception e)
        {
            // Only looked at: whoever called knows what to do with it.
            watch.End(e);
            throw;
        }

        watch.End(null);
    }

    private static ValueTask InvokeAsync(Handler handler, EventCall call, Namespace @namespace)
    {
        // A hook and a handler of all events are no event of the client's: neither filters nor policies are for them.
        var filters = call.IsEvent ? @namespace.Handlers.Filters : [];
        return handler.Admission is null && filters.Length == 0 ? handler.InvokeAsync(call) : InvokeGuardedAsync(handler, call, filters, @namespace);
    }

    private static async ValueTask InvokeGuardedAsync(Handler handler, EventCall call, FilterFactory[] filters, Namespace @namespace)
    {
        if (handler.Admission is { } admission && !await admission.AllowsAsync(call))
        {
            LogForbidden(@namespace.Server.Logger, call.Name, @namespace.Name, call.LogId);
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

    private static async ValueTask FinishAsync(ValueTask run, Handler handler, EventCall call, Socket socket, Namespace @namespace)
    {
        var logger = @namespace.Server.Logger;
        try
        {
            await run;
        }
        catch (AckException e)
        {
            await AnswerAsync(call, e, handler, socket, @namespace);
        }
        catch (BindingException e)
        {
            LogNotBound(logger, call.Name, @namespace.Name, socket.LogId, e.Message);
            call.Fail("invalid arguments");
        }
        catch (Exception e) when (e is OperationCanceledException or SocketDisconnectedException && socket.HasLeft)
        {
            // It stopped because its client has gone, as it should.
        }
        catch (Exception e)
        {
            await FailAsync(e, call, socket, @namespace);
        }

        try
        {
            await call.DisposeScopeAsync();
        }
        catch (Exception e)
        {
            // A service of the user's that throws while it is disposed.
            LogFailed(logger, e, call.Name, @namespace.Name, socket.LogId);
        }
    }

    private static async ValueTask AnswerAsync(EventCall call, AckException answer, Handler handler, Socket socket, Namespace @namespace)
    {
        try
        {
            await call.Complete(answer.Payload);
        }
        catch (Exception e)
        {
            // A payload that cannot be JSON is a fault of the handler like any other.
            await FailAsync(e, call, socket, @namespace);
        }
    }

    // The user's own: logged once, and the socket lives.
    private static async ValueTask FailAsync(Exception error, EventCall call, Socket socket, Namespace @namespace)
    {
        var server = @namespace.Server;
        LogFailed(server.Logger, error, call.Name, @namespace.Name, socket.LogId);
        if (server.Options.AckErrors && call.IsEvent) call.Fail("failed");
        foreach (var handler in @namespace.Handlers.Errors)
        {
            try
            {
                await handler(new(socket, call.Name, error));
            }
            catch (Exception e)
            {
                LogFailed(server.Logger, e, "OnError", @namespace.Name, socket.LogId);
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



namespace SocketIOServer.Events;

/// <summary>Runs one handler: the policy, the filters, the handler itself, and the end of its services. Handles all their exceptions.</summary>
internal static class HandlerRun
{
    /// <summary>Runs a hook. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, EventSocket socket, LeaveReason reason) =>
        RunAsync(handler, new(socket, handler.Name, reason));

    /// <summary>Runs the handler of an event, unless the event is a repeated one. Never throws.</summary>
    public static ValueTask RunAsync(Handler handler, EventCall call) => handler.RetryKey is { } key ? RetryRun.RunAsync(handler, key, call) : HandleAsync(handler, call);

    /// <summary>Runs the handler of an event. Never throws.</summary>
    public static ValueTask HandleAsync(Handler handler, EventCall call)
    {
        ValueTask run;
        try
        {
            run = HandlerWatch.IsOn(call.Namespace.Server) ? InvokeWatchedAsync(handler, call) : InvokeAsync(handler, call);
            if (run.IsCompletedSuccessfully && !call.HasScope) return default;
        }
        catch (Exception e)
        {
            // Of the program: handled below, together with what it throws later.
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
            // Only recorded: the caller handles it.
            watch.End(e);
            throw;
        }

        watch.End(null);
    }

    private static ValueTask InvokeAsync(Handler handler, EventCall call)
    {
        // Filters and policies apply to events of clients, not to hooks and OnAny.
        var filters = call.IsEvent ? call.Namespace.Handlers.Filters : [];
        return handler.Authorization is null && filters.Length == 0 ? handler.InvokeAsync(call) : InvokeGuardedAsync(handler, call, filters);
    }

    private static async ValueTask InvokeGuardedAsync(Handler handler, EventCall call, FilterFactory[] filters)
    {
        if (handler.Authorization is { } admission && !await admission.AllowsAsync(call))
        {
            UserCode.OnNotHandled(call, "a policy keeps it from this client.");
            call.Fail("forbidden");
            return;
        }

        if (filters.Length == 0) await handler.InvokeAsync(call);
        else await call.CompleteHeld(await new FilterRun(filters, handler, call).RunAsync());
    }

    private static async ValueTask FinishAsync(ValueTask run, EventCall call)
    {
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
            UserCode.OnNotHandled(call, e.Message);
            call.Fail("invalid arguments");
        }
        catch (Exception e)
        {
            if (!UserCode.IsEnd(e, call)) await UserCode.OnFailedAsync(e, call);
        }

        await UserCode.EndScopeAsync(call);
    }

    private static async ValueTask AnswerAsync(EventCall call, AckException answer)
    {
        try
        {
            await call.Complete(answer.Payload);
        }
        catch (Exception e)
        {
            // A payload that cannot be written as JSON is an error of the handler.
            await UserCode.OnFailedAsync(e, call);
        }
    }
}

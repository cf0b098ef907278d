using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>Runs the handler of an event that has a key, unless an event with this key was handled or is being handled.</summary>
internal static class RetryRun
{
    /// <summary>Never throws.</summary>
    public static async ValueTask RunAsync(Handler handler, RetryKeySlot slot, EventCall call)
    {
        string? key;
        try
        {
            key = call.ReadRetryKey(slot);
        }
        catch (BindingException e)
        {
            UserCode.OnNotHandled(call, e.Message);
            call.Fail("invalid arguments");
            return;
        }

        if (key is null) await HandlerRun.HandleAsync(handler, call);
        else await RunAsync(handler, new RetriedEvent(handler.Name, call.HandlerIndex, key), call);
    }

    private static async ValueTask RunAsync(Handler handler, RetriedEvent @event, EventCall call)
    {
        var store = call.Namespace.Server.Retries;
        var owner = call.Sender.OwnRetries();
        while (!call.Sender.IsAbandoned)
        {
            var first = store.Begin(owner, @event, out var isFirst);
            if (isFirst)
            {
                call.KeepAnswer();
                await HandlerRun.HandleAsync(handler, call);
                store.End(first, call.KeptAck);
                return;
            }

            // Null: the first one was not handled, so this one is.
            if (await first.Ack is not { } ack) continue;
            call.Namespace.Server.Metrics.OnRepeated();
            call.Repeat(ack);
            return;
        }
    }
}

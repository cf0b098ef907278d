using System.Collections.Concurrent;

namespace SocketIOServer.Events;

/// <summary>One socket's handlers that run beside each other.</summary>
internal sealed class ConcurrentRuns
{
    private readonly ConcurrentDictionary<Handler, SemaphoreSlim> _slots = new();

    /// <summary>Completes when the handler has begun, and is at its first await; waits as long as too many of its kind run.</summary>
    public async ValueTask BeginAsync(Handler handler, EventCall call)
    {
        var slots = _slots.GetOrAdd(handler, static handler => new(handler.Concurrency));
        await slots.WaitAsync();
        call.Sender.Work.Begin(handler.Name);
        // The lane counts it until it has begun.
        call.Sender.Client.Unhandled.Add(call.Size);
        _ = RunAsync(handler, call, slots);
    }

    private static async Task RunAsync(Handler handler, EventCall call, SemaphoreSlim slots)
    {
        try
        {
            // It has no await at which the next event could begin.
            if (!handler.IsAsync) await Task.Yield();
            await HandlerRun.RunAsync(handler, call);
        }
        finally
        {
            call.Sender.Client.Unhandled.Remove(call.Size);
            slots.Release();
            call.Sender.Work.End(handler.Name);
        }
    }
}

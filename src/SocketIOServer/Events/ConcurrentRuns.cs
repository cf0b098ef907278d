using System.Collections.Concurrent;

namespace SocketIOServer.Events;

/// <summary>The runs of one socket's [Concurrent] handlers, which go on while later events are handled.</summary>
internal sealed class ConcurrentRuns
{
    private readonly ConcurrentDictionary<Handler, SemaphoreSlim> _slots = new();

    /// <summary>Completes when the handler has begun and is at its first await. Waits while as many runs of this handler as it allows are going on.</summary>
    public async ValueTask BeginAsync(Handler handler, EventCall call)
    {
        var slots = _slots.GetOrAdd(handler, static handler => new(handler.Concurrency));
        await slots.WaitAsync();
        call.Sender.Work.Begin(handler.Name);
        // Until here the lane counts its bytes.
        call.Sender.Client.Unhandled.Add(call.Size);
        _ = RunAsync(handler, call, slots);
    }

    private static async Task RunAsync(Handler handler, EventCall call, SemaphoreSlim slots)
    {
        try
        {
            // A handler without an await would keep the next event from beginning.
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

using System.Collections.Concurrent;

namespace SocketIOServer.Events;

/// <summary>One socket's handlers that run beside each other.</summary>
internal sealed class ConcurrentRuns
{
    private readonly ConcurrentDictionary<Handler, SemaphoreSlim> _slots = new();

    /// <summary>Completes when the handler has begun; waits as long as too many of its kind run.</summary>
    public async ValueTask BeginAsync(Handler handler, EventCall call)
    {
        var slots = _slots.GetOrAdd(handler, static handler => new(handler.Concurrency));
        await slots.WaitAsync();
        _ = RunAsync();

        async Task RunAsync()
        {
            // A handler that blocks its thread must not block those beside it.
            await Task.Yield();
            await EventDispatch.RunAsync(handler, call);
            slots.Release();
        }
    }
}

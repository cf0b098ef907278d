namespace SocketIOServer.Events;

/// <summary>
/// Runs the filters and the handler of one event. If a filter calls <c>next</c> again, the handler runs again. If a filter does not wait for <c>next</c>, the
/// socket's next event still waits for the handler, and so does the end of the services.
/// </summary>
internal sealed class FilterRun(FilterFactory[] filters, Handler handler, EventCall call)
{
    private readonly Lock _gate = new();
    private List<Task>? _going;
    private bool _isHandling;
    private bool _isOver;

    public async ValueTask<object?> RunAsync()
    {
        try
        {
            return await NextAsync(0, new(call));
        }
        finally
        {
            await EndAsync();
        }
    }

    private ValueTask<object?> NextAsync(int index, SocketEvent context)
    {
        if (Volatile.Read(ref _isOver)) throw new InvalidOperationException("A filter called next when its event was over.");
        var next = index < filters.Length
            ? filters[index](call).InvokeAsync(context, next => NextAsync(index + 1, next))
            : HandleAsync();
        // A failed one is kept also: the filter may not look at it, and its exception must not stay unobserved.
        if (next.IsCompletedSuccessfully) return next;
        var going = next.AsTask();
        lock (_gate) (_going ??= []).Add(going);
        return new(going);
    }

    private async ValueTask<object?> HandleAsync()
    {
        if (Interlocked.Exchange(ref _isHandling, true)) throw new InvalidOperationException("A filter called next while the handler was still running.");
        call.Rewind();
        call.Hold();
        try
        {
            await handler.InvokeAsync(call);
            return call.Result;
        }
        finally
        {
            call.Release();
            Volatile.Write(ref _isHandling, false);
        }
    }

    // Waits for the calls that a filter did not wait for.
    private async ValueTask EndAsync()
    {
        List<Exception>? told = null;
        for (var i = 0; TryTake(i, out var going); i++)
        {
            if (going.IsCompleted)
            {
                // The filter has seen the exception, or ignored it. It must not stay unobserved.
                _ = going.Exception;
                continue;
            }

            try
            {
                await going;
            }
            catch (Exception e)
            {
                // Each filter around throws the same exception. Nobody else can see it any more.
                if (told?.Contains(e) == true || e is AckException or BindingException || UserCode.IsEnd(e, call)) continue;
                (told ??= []).Add(e);
                UserCode.OnFailed(e, call.Name, call.Namespace, call.Sender);
            }
        }

        Volatile.Write(ref _isOver, true);
    }

    private bool TryTake(int index, out Task going)
    {
        lock (_gate)
        {
            going = index < (_going?.Count ?? 0) ? _going![index] : Task.CompletedTask;
            return index < (_going?.Count ?? 0);
        }
    }
}

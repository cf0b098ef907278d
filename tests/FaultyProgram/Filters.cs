using SocketIOServer;

namespace FaultyProgram;

internal sealed class MadeFilter : IEventFilter
{
    public MadeFilter() => Fault.At("filter-constructor");

    public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next) => next(context);
}

internal sealed class FilterBefore : IEventFilter
{
    public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
    {
        Fault.At("filter-before");
        return next(context);
    }
}

internal sealed class FilterAfter : IEventFilter
{
    public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
    {
        var result = await next(context);
        Fault.At("filter-after");
        return result;
    }
}

/// <summary>Tries again.</summary>
internal sealed class FilterAgain : IEventFilter
{
    public async ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception)
        {
            // As a program does that tries again.
            return await next(context);
        }
    }
}

/// <summary>Does not wait for its handler.</summary>
internal sealed class FilterUnwaited : IEventFilter
{
    public ValueTask<object?> InvokeAsync(SocketEvent context, Func<SocketEvent, ValueTask<object?>> next)
    {
        if (context.Name != "go") return next(context);
        _ = next(context).AsTask();
        return default;
    }
}

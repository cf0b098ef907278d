namespace SocketIOServer.Events;

/// <summary>The handlers that a program gave to one socket. They come and go while events run.</summary>
internal sealed class SocketHandlers
{
    private readonly Lock _gate = new();
    private (Handler Handler, bool IsOnce)[] _all = [];
    private volatile Handler[] _any = [];

    /// <summary>Those that look at all events, in the order they were given.</summary>
    public Handler[] Any => _any;

    public void AddAny(Handler handler)
    {
        lock (_gate) _any = [.. _any, handler];
    }

    public void RemoveAny()
    {
        lock (_gate) _any = [];
    }

    public void Add(Handler handler, bool isOnce)
    {
        lock (_gate) _all = [.. _all, (handler, isOnce)];
    }

    /// <summary>Removes the handlers of an event. Null: all handlers.</summary>
    public void Remove(string? name)
    {
        lock (_gate) _all = name is null ? [] : [.. _all.Where(entry => entry.Handler.Name != name)];
    }

    /// <summary>The handlers of an event, in the order in which they were added. Handlers of Once are removed.</summary>
    public Handler[] Take(string name)
    {
        lock (_gate)
        {
            var taken = _all.Where(entry => entry.Handler.Name == name).ToArray();
            if (taken.Any(entry => entry.IsOnce)) _all = [.. _all.Where(entry => !entry.IsOnce || entry.Handler.Name != name)];
            return [.. taken.Select(entry => entry.Handler)];
        }
    }
}

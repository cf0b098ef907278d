namespace SocketIOServer.Events;

/// <summary>
/// The program's code that runs, or has yet to run, for one socket. It has ended when the socket has left and none of it runs any more. Handlers of events
/// are counted as one, the socket's lane, so an event costs nothing here.
/// </summary>
internal sealed class SocketWork(EventSocket socket, RunningWork all)
{
    /// <summary>From the CONNECT packet until OnConnected has begun or the client was refused.</summary>
    public const string Connecting = "OnConnecting";

    /// <summary>The disconnect hooks.</summary>
    public const string Disconnect = "OnDisconnected";

    /// <summary>The handlers of events.</summary>
    public const string Lane = "";

    private readonly Lock _gate = new();
    // Names for the log. A handler that runs twice is in the list twice.
    private readonly List<string> _running = new(1);
    private TaskCompletionSource? _hooksEnded;
    private bool _hasLeft;
    private bool _haveHooksEnded;

    public EventSocket Socket => socket;

    /// <summary>The names of what runs, for the log.</summary>
    public string[] Names
    {
        get
        {
            lock (_gate) return [.. _running.Select(NameOf).OfType<string>()];
        }
    }

    /// <summary>The socket has left, and nothing runs for it.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate) return _hasLeft && _running.Count == 0;
        }
    }

    /// <summary>Completes when the disconnect hooks have ended: the next socket of the same client in the namespace waits for it. Null: they have ended.</summary>
    public Task? HooksEnded
    {
        get
        {
            lock (_gate) return _haveHooksEnded ? null : (_hooksEnded ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Begin(string name)
    {
        lock (_gate) _running.Add(name);
    }

    public void End(string name)
    {
        bool hasEnded;
        lock (_gate)
        {
            _running.Remove(name);
            hasEnded = _hasLeft && _running.Count == 0;
        }

        if (hasEnded) all.Remove(this);
    }

    /// <summary>Counts a call until it ends. The call must not throw.</summary>
    public void Follow(Task run, string name)
    {
        if (run.IsCompleted) return;
        Begin(name);
        _ = EndWithAsync();

        async Task EndWithAsync()
        {
            try
            {
                await run;
            }
            finally
            {
                End(name);
            }
        }
    }

    /// <summary>The socket has left. Code that has yet to run for it was counted before.</summary>
    public void Leave()
    {
        all.Add(this);
        bool hasEnded;
        lock (_gate)
        {
            _hasLeft = true;
            hasEnded = _running.Count == 0;
        }

        if (hasEnded) all.Remove(this);
    }

    public void SetHooksEnded()
    {
        TaskCompletionSource? ended;
        lock (_gate)
        {
            _haveHooksEnded = true;
            ended = _hooksEnded;
        }

        ended?.TrySetResult();
    }

    // Null: it has not begun, and waits for other code in the list.
    private string? NameOf(string name)
    {
        // Only a socket that was let in has a lane in the list after it has left.
        if (name == Connecting) return _running.Contains(Lane) ? "OnConnected" : name;
        if (name != Lane) return name;
        if (socket.Current is { } handler) return $"\"{handler.Name}\"";
        // Before the first handler, the limiter of LimitEvents may run.
        return _running.Contains(Connecting) ? null : "(events)";
    }
}

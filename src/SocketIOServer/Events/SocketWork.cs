namespace SocketIOServer.Events;

/// <summary>
/// The program's code that runs, or is still to run, for one socket. It has ended when the socket has left and nothing of it runs any more. A
/// handler of an event is known by the socket's lane, so that an event costs nothing here.
/// </summary>
internal sealed class SocketWork(EventSocket socket, RunningWork all)
{
    /// <summary>From the CONNECT until OnConnected has begun, or the client was refused.</summary>
    public const string Connecting = "OnConnecting";

    /// <summary>The hooks of one that leaves.</summary>
    public const string Disconnect = "OnDisconnected";

    /// <summary>The handlers of events.</summary>
    public const string Lane = "";

    private readonly Lock _gate = new();
    // Names, for the log. One that runs twice is here twice.
    private readonly List<string> _running = new(1);
    private TaskCompletionSource? _hooksEnded;
    private bool _hasLeft;
    private bool _haveHooksEnded;

    public EventSocket Socket => socket;

    /// <summary>What runs, for the log.</summary>
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

    /// <summary>Null: the next socket of this client in the namespace need not wait. Else it waits for this: the hooks of the one that left have ended.</summary>
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

    /// <summary>Ends with a call that was begun and never throws.</summary>
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

    /// <summary>The socket has left. What is still to run was begun before.</summary>
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

    // Null: it has not begun, and waits for another one here.
    private string? NameOf(string name)
    {
        // Only who was in has a lane when it has left.
        if (name == Connecting) return _running.Contains(Lane) ? "OnConnected" : name;
        if (name != Lane) return name;
        if (socket.Current is { } handler) return $"\"{handler.Name}\"";
        // Before the first handler there is LimitEvents.
        return _running.Contains(Connecting) ? null : "(events)";
    }
}

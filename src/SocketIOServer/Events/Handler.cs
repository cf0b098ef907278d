namespace SocketIOServer.Events;

/// <summary>A user's delegate, bound: reads its arguments from the call, runs, and answers.</summary>
internal sealed class Handler(string name, Delegate? handler, Func<EventCall, Delegate?, ValueTask> invoke, Admission? admission, int concurrency = 1)
{
    /// <summary>The event, or the hook, for the log.</summary>
    public string Name { get; } = name;

    /// <summary>Whose events it handles; null: everybody's.</summary>
    public Admission? Admission { get; } = admission;

    /// <summary>How many of one socket may run at a time.</summary>
    public int Concurrency { get; } = concurrency;

    /// <summary>Reads what it needs of the call before it first waits. Throws what the delegate throws.</summary>
    public ValueTask InvokeAsync(EventCall call) => invoke(call, handler);
}

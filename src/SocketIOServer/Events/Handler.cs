using Microsoft.AspNetCore.Http;

namespace SocketIOServer.Events;

/// <summary>A user's delegate, bound: reads its arguments from the call, runs, and answers.</summary>
internal sealed class Handler(string name, Delegate? handler, Func<EventCall, Delegate?, ValueTask> invoke)
{
    /// <summary>The event, or the hook, for the log.</summary>
    public string Name { get; } = name;

    /// <summary>Whose events it handles; null: everybody's.</summary>
    public AuthorizationCheck? Authorization { get; init; }

    /// <summary>How many of one socket may run at a time.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>What its parameters are filled with, for the log.</summary>
    public HandlerInputs Inputs { get; init; } = new();

    /// <summary>It returns a task.</summary>
    public bool IsAsync { get; init; }

    /// <summary>It takes an <see cref="ISession"/>.</summary>
    public bool UsesSession { get; init; }

    /// <summary>It reads its arguments as soon as it is called: nothing that may wait comes first.</summary>
    public bool ReadsAtOnce => Authorization is null && Concurrency == 1 && !UsesSession;

    /// <summary>Reads what it needs of the call before it first waits, unless it uses a session. Throws what the delegate throws.</summary>
    public ValueTask InvokeAsync(EventCall call) => UsesSession ? InvokeInSessionAsync(call) : invoke(call, handler);

    // The answer leaves when the session is stored: what the client asks for next finds it.
    private async ValueTask InvokeInSessionAsync(EventCall call)
    {
        var isHeld = call.IsHeld;
        call.Hold();
        try
        {
            await call.Namespace.Server.Sessions.RunAsync(call.Handshake, session =>
            {
                call.Session = session;
                var run = invoke(call, handler);
                call.SetBegun();
                return run;
            });
        }
        finally
        {
            if (!isHeld) call.Release();
        }

        if (!isHeld) await call.CompleteHeld(call.Result);
    }
}

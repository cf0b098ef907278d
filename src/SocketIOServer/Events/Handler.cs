using Microsoft.AspNetCore.Http;
using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>A compiled handler: reads its parameters from the call, runs the program's code, and sends the ack.</summary>
internal sealed class Handler(string name, Delegate? handler, Func<EventCall, Delegate?, ValueTask> invoke)
{
    /// <summary>The name of the event or the hook, for the log.</summary>
    public string Name { get; } = name;

    /// <summary>The policy that the user of an event must meet. Null: none.</summary>
    public AuthorizationCheck? Authorization { get; init; }

    /// <summary>How many calls for one socket may run at a time.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>What its parameters are filled with, for the log.</summary>
    public HandlerInputs Inputs { get; init; } = new();

    /// <summary>Where the key is that a repeated event is known by. Null: repeated events are handled as any other.</summary>
    public RetryKeySlot? RetryKey => Inputs.RetryKey;

    /// <summary>Whether it returns a task.</summary>
    public bool IsAsync { get; init; }

    /// <summary>Whether it takes an <see cref="ISession"/>.</summary>
    public bool UsesSession { get; init; }

    /// <summary>Whether it reads its arguments as soon as it is called, because nothing before that may wait.</summary>
    public bool ReadsAtOnce => Authorization is null && Concurrency == 1 && !UsesSession && RetryKey is null;

    /// <summary>Runs it. It reads its parameters before it first waits, unless it uses a session. Throws what the program's code throws.</summary>
    public ValueTask InvokeAsync(EventCall call) => UsesSession ? InvokeInSessionAsync(call) : invoke(call, handler);

    // The ack is sent after the session is stored, so the client's next event finds what this one has changed. Until then the call holds the handler's result. If
    // the call was already held, a filter (or a server that asked) sends the result later, and it must stay held.
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
                // Events of the client wait until OnConnected has begun, which is after its session was loaded.
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

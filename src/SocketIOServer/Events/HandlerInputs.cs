using SocketIOServer.Retries;

namespace SocketIOServer.Events;

/// <summary>What fills the parameters of a handler: as text for the log, and where the key of an event is.</summary>
internal sealed class HandlerInputs
{
    /// <summary>For example "string text" or "auth: Login login".</summary>
    public List<string> FromClient { get; } = [];

    public List<string> FromServices { get; } = [];

    /// <summary>How many arguments of the event it takes.</summary>
    public int ArgumentCount { get; set; }

    /// <summary>Whether one parameter takes all arguments that follow.</summary>
    public bool TakesRest { get; set; }

    /// <summary>The argument with [RetryKey]. Null: there is none.</summary>
    public RetryKeySlot? RetryKey { get; set; }
}

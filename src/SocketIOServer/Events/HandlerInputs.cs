namespace SocketIOServer.Events;

/// <summary>What fills the parameters of a handler, as text for the log.</summary>
internal sealed class HandlerInputs
{
    /// <summary>For example "string text" or "auth: Login login".</summary>
    public List<string> FromClient { get; } = [];

    public List<string> FromServices { get; } = [];
}

namespace SocketIOServer.Events;

/// <summary>What a handler's parameters are filled with, as text. A developer reads it in the log.</summary>
internal sealed class HandlerInputs
{
    /// <summary>Such as "string text", or "auth: Login login".</summary>
    public List<string> FromClient { get; } = [];

    public List<string> FromServices { get; } = [];
}
